@testable import Datasets
import Testing

@Suite struct CellValueTests {
    private func value(_ text: String) -> CellValue {
        var text = text
        return text.withUTF8 { CellValue(UnsafeRawBufferPointer($0)) }
    }

    @Test(arguments: [
        "0", "-0", "1", "+7", "-12.5", ".5", "5.", "1e3", "1E-3", "0.1", "123456789012345", "9007199254740993",
        "3.141592653589793238462643", "1e22", "1e23", "4.35", "0.000001", "2.2250738585072014e-308", "1e-400",
        "00012", ".12345678901234567890", "-.1234567890123456789e5", "12345678901234567890.",
        "12345678901234567890.e-3", "340282346638528859811704183484516925440",
    ])
    func numbersAreRoundedAsByTheStandardLibrary(text: String) throws {
        let expected = try #require(Double(text))
        #expect(value(text) == .number(expected))
        #expect(value(" \t\(text) ") == .number(expected))
    }

    @Test func manyNumbersAreExact() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let number = Double(Float.random(in: -1e6...1e6, using: &generator)) * .random(in: 0...1, using: &generator)
            #expect(value("\(number)") == .number(number))
        }
    }

    @Test(arguments: ["abc", "1,5", "1.2.3", "0x10", "1e", "e5", "+", ".", "1 2", "--1", "12a", "infinit", "1e+"])
    func texts(text: String) {
        #expect(value(text) == .text)
    }

    /// In quotes only what is empty is missing; a number is a number.
    @Test func textsThatAreKnownToBeTexts() {
        func value(_ text: String) -> CellValue {
            var text = text
            return text.withUTF8 { CellValue(UnsafeRawBufferPointer($0), isText: true) }
        }
        for text in ["NA", "null", "None", "?", "nan", "inf"] { #expect(value(text) == .text) }
        #expect(value(" ") == .missing && value("1.5") == .number(1.5) && value("1e39") == .infinite)
    }

    @Test func otherCells() {
        for text in ["", "  ", "NA", "N/A", "n/a", "null", "Null", "NULL", "None", "?"] {
            #expect(value(text) == .missing)
        }
        // Words of a language: `none` is an answer to how much somebody drinks.
        for text in ["none", "NONE", "na", "Na", "nUll"] { #expect(value(text) == .text) }
        for text in ["nan", "NaN", "-NAN"] { #expect(value(text) == .notANumber) }
        for text in ["inf", "-Infinity", "1e39", "1e400", "-1e999999999999"] { #expect(value(text) == .infinite) }
    }
}
