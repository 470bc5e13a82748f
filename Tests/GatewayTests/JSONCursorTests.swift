import Testing
import Wire

@testable import Gateway

@Suite struct JSONCursorTests {
    @Test(arguments: [
        (#""""#, ""), (#""abc""#, "abc"), (#""a\"b\\c\/d""#, "a\"b\\c/d"), (#""\b\f\n\r\t""#, "\u{8}\u{c}\n\r\t"),
        (#""\u00e9\u20AC""#, "é€"), (#""\ud83d\ude00!""#, "😀!"), (#""Grüße""#, "Grüße"),
    ])
    func readsStrings(json: String, text: String) throws {
        #expect(try withCursor(json) { cursor throws(Failure) in try cursor.string("a string") } == text)
    }

    @Test(arguments: [
        "\"", "\"abc", #""\""#, #""\x""#, #""\u12""#, #""\ud83d""#, #""\ud83dx""#, #""\ude00""#, "\"a\nb\"", "abc", "",
    ])
    func refusesBrokenStrings(json: String) {
        #expect(throws: Failure.self) {
            try withCursor(json) { cursor throws(Failure) in try cursor.string("a string") }
        }
    }

    /// However it is written: what counts is how long the string is.
    @Test func lengthIsThatOfTheString() throws {
        func length(_ json: String) throws -> Int {
            try withCursor("\"\(json)\"") { cursor throws(Failure) in try cursor.string("a string") }.utf8.count
        }
        let limit = JSONCursor.maximumNameLength
        #expect(try length(String(repeating: "x", count: limit)) == limit)
        #expect(try length(String(repeating: "\\u00e4", count: limit / 2)) == limit)
        #expect(try length(String(repeating: "\\u0061", count: limit)) == limit)
        for json in [
            String(repeating: "x", count: limit + 1), String(repeating: "\\u00e4", count: limit / 2 + 1),
            String(repeating: "\\u0061", count: limit + 1), String(repeating: "\\n", count: limit + 1),
            String(repeating: "\\u0061", count: 100 * limit),
        ] { #expect(throws: Failure.self) { try length(json) } }
    }

    @Test func refusesWhatIsNotUTF8() {
        let bytes: [UInt8] = [0x22, 0xc3, 0x28, 0x22]
        #expect(throws: Failure.self) {
            try bytes.withUnsafeBytes { bytes in
                var cursor = JSONCursor(bytes)
                _ = try cursor.string("a string")
            }
        }
    }

    @Test(arguments: [
        "null", "true", "-1.5e3", #""x""#, "[]", "{}", "[1,[2,{\"a\":[]}],{}]", #"{"a":{"b":[true,false,null]},"c":1}"#,
        " [ 1 , 2 ] ",
    ])
    func skipsAnyValue(json: String) throws {
        try withCursor(json) { cursor throws(Failure) in
            try cursor.skipValue()
            try cursor.finish()
        }
    }

    @Test(arguments: [
        "", "[", "]", "[1", "[1,", "[1,]", "[1 2]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}",
        "{a:1}",
        "[1}", "{\"a\":1]", "nul", "truth", "[1]]", "{\"a\" 1}",
    ])
    func refusesBrokenValues(json: String) {
        #expect(throws: Failure.self) {
            try withCursor(json) { cursor throws(Failure) in
                try cursor.skipValue()
                try cursor.finish()
            }
        }
    }

    @Test func depthIsLimited() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        try withCursor(nested(JSONCursor.maximumDepth)) { cursor throws(Failure) in try cursor.skipValue() }
        for depth in [JSONCursor.maximumDepth + 2, 1_000_000] {
            #expect(throws: Failure.self) {
                try withCursor(nested(depth)) { cursor throws(Failure) in try cursor.skipValue() }
            }
        }
    }

    @Test func namesThePlaceAndWhatItFound() {
        #expect(
            throws: Failure(.invalidArgument, "JSON, byte 4: expected ',' or ']', found '2'")
        ) { try withCursor("[1  2]") { cursor throws(Failure) in try cursor.skipValue() } }
        #expect(
            throws: Failure(
                .invalidArgument,
                "JSON, byte 1: expected a value, found NaN, which is not a JSON number: values must be finite")
        ) { try withCursor("[NaN]") { cursor throws(Failure) in try cursor.skipValue() } }
    }
}
