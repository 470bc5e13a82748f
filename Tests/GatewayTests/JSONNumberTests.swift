import Foundation
import Testing
import Wire

@testable import Gateway

@Suite struct JSONNumberTests {
    /// Texts whose nearest FP32 is hard to find, or stands at the edge of the format.
    @Test(arguments: [
        "0", "-0", "1", "-1.5", "0.1", "1e0", "1E+2", "12345678901234567890", "123456789012345678901234567890",
        "0.98039218783378601", "3.4028235e38", "1.1754944e-38", "1.4e-45", "1e-60", "16777217", "16777219",
        "1.00000005960464477539", "1.000000059604644775390625", "1.00000005960464477539062501", "0.3333333432674408",
        "1e22", "1e-22", "9007199254740993", "0.000000000000000000000000000001234567",
        "8388608.5", "8388609.5", "33554433.99999999", "1e23", "0.1e1",
    ])
    func givesTheNearestFloat(text: String) throws {
        #expect(try float(text).bitPattern == Float(text)!.bitPattern)
    }

    @Test func agreesWithTheStandardLibraryOnRandomNumbers() throws {
        var generator = SplitMix(state: 11)
        for _ in 0..<200_000 {
            let bits = UInt32(truncatingIfNeeded: generator.next())
            let value = Float(bitPattern: bits)
            guard value.isFinite else { continue }
            let text = generator.next() % 2 == 0 ? value.description : Double(value).description
            #expect(try float(text).bitPattern == value.bitPattern, "\(text)")
        }
        for _ in 0..<200_000 {
            let mantissa = generator.next() >> (1 + generator.next() % 63)
            let text = "\(mantissa)e\(Int(generator.next() % 44) - 25)"
            #expect(try float(text).bitPattern == Float(text)!.bitPattern, "\(text)")
        }
    }

    /// Just beside the middle between two neighbours, where rounding twice would go wrong.
    @Test func roundsOnceBesideTheMiddle() throws {
        var generator = SplitMix(state: 12)
        for _ in 0..<50_000 {
            let value = Float(bitPattern: 0x3000_0000 + UInt32(generator.next() % 0x1800_0000))
            let middle = (Double(value) + Double(value.nextUp)) / 2
            for text in [middle.description, middle.nextUp.description, middle.nextDown.description] {
                #expect(try float(text).bitPattern == Float(text)!.bitPattern, "\(text)")
            }
        }
    }

    @Test(arguments: [
        "", "-", "+1", "01", "-01", ".5", "1.", "1.e3", "1e", "1e+", "NaN", "Infinity", "-Infinity", "0x10",
    ])
    func refusesWhatIsNotANumber(text: String) {
        #expect(throws: Failure.self) {
            try withCursor(text) { cursor throws(Failure) in
                _ = try cursor.float("a number")
                try cursor.finish()
            }
        }
    }

    @Test(arguments: ["1e39", "-3.5e38", "1e400", "123456789012345678901234567890123456789012345"])
    func refusesWhatFP32CannotHold(text: String) {
        #expect(throws: Failure.self) { try float(text) }
    }

    private func float(_ text: String) throws -> Float {
        try withCursor(text) { cursor throws(Failure) in
            let value = try cursor.float("a number")
            try cursor.finish()
            return value
        }
    }

    /// The least of all integers has no counterpart above zero.
    @Test(arguments: [
        ("-9223372036854775808", Int64.min), ("9223372036854775807", .max), ("-1", -1), ("-0", 0),
        ("9223372036854775808", nil), ("-9223372036854775809", nil), ("18446744073709551616", nil), ("1.0", nil),
    ])
    func integersThatFit(text: String, value: Int64?) throws {
        let number = try withCursor(text) { cursor throws(Failure) in try cursor.number("a number") }
        #expect(number.asInteger == value)
    }
}

/// Runs `body` with a cursor over the text.
func withCursor<Result>(_ text: String, _ body: (inout JSONCursor) throws(Failure) -> Result) throws -> Result {
    try Array(text.utf8).withUnsafeBytes { bytes in
        var cursor = JSONCursor(bytes)
        return try body(&cursor)
    }
}
