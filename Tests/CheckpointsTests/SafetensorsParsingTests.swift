import Checkpoints
import Foundation
import Testing

/// Headers that are wrong in one way each, and headers that are wrong at random.
@Suite struct SafetensorsParsingTests {
    private func parse(_ json: String, dataBytes: Int = 4) throws -> SafetensorsLayout {
        let text = Array(json.utf8)
        let header = withUnsafeBytes(of: UInt64(text.count).littleEndian, Array.init) + text
        return try SafetensorsLayout(parsing: header, fileBytes: header.count + dataBytes)
    }

    private let good = #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#

    @Test func whatTheFormatAllows() throws {
        #expect(try parse(good).tensors.map(\.name) == ["a"])
        #expect(try parse(good + "  ").tensors.count == 1)
        #expect(try parse("{}", dataBytes: 0).byteCount == 10)
        let spaced =
            "{ \"\\u0061\\ud83d\\ude00\\n\" : {\"shape\": [ 1 ], \"data_offsets\" : [0, 4], \"dtype\":\"F32\"} }"
        #expect(try parse(spaced).tensors.map(\.name) == ["a😀\n"])
    }

    @Test(arguments: [
        #"["a"]"#, "", " {}", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#, #"{"a":1}"#,
        #"{"a":{"dtype":"F32","shape":[1]}}"#, #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}"#,
        #"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}x"#, #"{"__metadata__":{"a":1}}"#,
        #"{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, #"{"\q":{}}"#, "{\"\n\":{}}",
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},}"#,
    ])
    func malformedHeaders(json: String) {
        let error = #expect(throws: SafetensorsError.self) { try parse(json) }
        guard case .malformedHeader = error else {
            Issue.record("expected a malformed header, got \(String(describing: error))")
            return
        }
    }

    @Test func invalidUTF8() {
        let text = [UInt8](#"{""#.utf8) + [0xFF] + [UInt8](#"":{}}"#.utf8)
        let header = withUnsafeBytes(of: UInt64(text.count).littleEndian, Array.init) + text
        #expect(throws: SafetensorsError.self) { try SafetensorsLayout(parsing: header, fileBytes: header.count) }
    }

    @Test func wrongPlacesAndSizes() {
        let second = #","b":{"dtype":"U8","shape":[2],"data_offsets":["#
        let two = { (range: String) in String(good.dropLast()) + second + range + "]}}" }
        #expect(throws: SafetensorsError.misplaced(tensor: "b", expected: 4, found: 3)) {
            try parse(two("3,5"), dataBytes: 5)
        }
        #expect(throws: SafetensorsError.misplaced(tensor: "b", expected: 4, found: 5)) {
            try parse(two("5,7"), dataBytes: 7)
        }
        #expect(throws: SafetensorsError.trailingBytes(1)) { try parse(two("4,6"), dataBytes: 7) }
        #expect(throws: SafetensorsError.self) { try parse(two("4,6"), dataBytes: 5) }
        #expect(throws: SafetensorsError.wrongSize(tensor: "b", expected: 2, found: 3)) {
            try parse(two("4,7"), dataBytes: 7)
        }
        #expect(throws: SafetensorsError.unknownElementType("F31", tensor: "a")) {
            try parse(good.replacing("F32", with: "F31"))
        }
        #expect(throws: SafetensorsError.badShape("a", [Int.max, 2])) {
            try parse(good.replacing("[1]", with: "[\(Int.max),2]"))
        }
        #expect(throws: SafetensorsError.duplicateName("a")) {
            try parse(String(good.dropLast()) + "," + good.dropFirst())
        }
    }

    @Test func wrongLengths() {
        #expect(throws: SafetensorsError.truncated(expected: 8, found: 3)) {
            try SafetensorsLayout(parsing: [1, 2, 3], fileBytes: 3)
        }
        #expect(throws: SafetensorsError.headerTooLong(.max)) {
            try SafetensorsLayout(parsing: [UInt8](repeating: 0xFF, count: 8), fileBytes: 8)
        }
        #expect(throws: SafetensorsError.truncated(expected: 108, found: 8)) {
            try SafetensorsLayout(parsing: [100, 0, 0, 0, 0, 0, 0, 0], fileBytes: 8)
        }
    }

    /// Mutated headers either give a layout whose tensors fill the file exactly, or an error; never anything else.
    @Test func mutatedHeaders() throws {
        let layout = try SafetensorsLayout(
            tensors: [("layers.0.weight", .float32, [2, 3]), ("layers.0.bias", .float32, [3]), ("n", .int64, [])],
            metadata: ["format": "pt"])
        var random = SplitMix(state: 2026)
        let interesting = Array("{}[]\",:0123456789\\u-.e \u{0}ü".utf8)
        for _ in 0..<30_000 {
            var header = layout.header
            for _ in 0...random.below(3) {
                let place = random.below(header.count)
                switch random.below(4) {
                case 0: header[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: header[place] = interesting[random.below(interesting.count)]
                case 2: header.remove(at: place)
                default: header.insert(interesting[random.below(interesting.count)], at: place)
                }
            }
            if random.below(2) == 0, header.count > 8 {
                // Half of them with a length that fits, so that the JSON is reached.
                withUnsafeBytes(of: UInt64(header.count - 8).littleEndian) { header.replaceSubrange(0..<8, with: $0) }
            }
            let fileBytes = header.count + 44
            do {
                let parsed = try SafetensorsLayout(parsing: header, fileBytes: fileBytes)
                #expect(parsed.byteCount == fileBytes)
                #expect(parsed.tensors.reduce(0) { $0 + $1.bytes.count } == 44)
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
    }
}

/// The same sequence in every run.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
