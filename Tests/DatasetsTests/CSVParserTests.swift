@testable import Datasets
import Testing

@Suite struct CSVParserTests {
    /// The cells of all records; a record with a defect ends with its name.
    private func records(_ text: String) -> [[String]] {
        var text = text
        return text.withUTF8 { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            var parser = CSVParser()
            var scratch: [UInt8] = []
            var all: [[String]] = []
            var position = 0
            while case .record(_, let next) = parser.parse(bytes, from: position, atEnd: true) {
                var cells = parser.cells.map { cell in
                    cell.withBytes(of: bytes, scratch: &scratch) { String(decoding: $0, as: UTF8.self) }
                }
                if let defect = parser.defect { cells.append("!\(defect)") }
                all.append(cells)
                position = next
            }
            return all
        }
    }

    /// The rules of RFC 4180, section 2, in its order.
    @Test func rulesOfTheStandard() {
        #expect(records("aaa,bbb\r\nzzz,yyy\r\n") == [["aaa", "bbb"], ["zzz", "yyy"]])
        #expect(records("aaa,bbb\r\nzzz,yyy") == [["aaa", "bbb"], ["zzz", "yyy"]])
        #expect(records("\"aaa\",\"b\r\nbb\",\"c,c\"\r\nz,y,x") == [["aaa", "b\r\nbb", "c,c"], ["z", "y", "x"]])
        #expect(records("\"aaa\",\"b\"\"bb\",\"\"\"\"") == [["aaa", "b\"bb", "\""]])
    }

    @Test func emptyCells() {
        #expect(records("") == [])
        #expect(records("\n") == [[""]])
        #expect(records(",\r\n") == [["", ""]])
        #expect(records("a,") == [["a", ""]])
        #expect(records("\"\",b\n") == [["", "b"]])
    }

    /// Blanks around quotes do not count, inside of them they do.
    @Test func blanksAroundQuotes() {
        #expect(records("1, \"x, y\" ,p\n") == [["1", "x, y", "p"]])
        #expect(records("\t\" a \"\t\r\n \"\" \n") == [[" a "], [""]])
        #expect(records("  \"a\" b,c") == [["a", "c", "!textAfterQuote"]])
        #expect(records(" a \"b\"") == [[" a \"b\"", "!quoteInsideCell"]])
    }

    @Test func defects() {
        #expect(records("a\"b,c\nd,e") == [["a\"b", "c", "!quoteInsideCell"], ["d", "e"]])
        #expect(records("\"a\"b,c\nd,e") == [["a", "c", "!textAfterQuote"], ["d", "e"]])
        #expect(records("a,\"b\nc") == [["a", "b\nc", "!unterminatedQuote"]])
    }

    /// However the text is cut into pieces, the record is only taken when it is complete, and then the same.
    @Test func everyCutGivesTheSameRecord() {
        let text = Array("\"a\"\"1\",\"x\ny\"\r\nnext".utf8)
        var whole = CSVParser()
        let expected = text.withUnsafeBytes { whole.parse($0, from: 0, atEnd: false) }
        #expect(expected == .record(end: 12, next: 14))
        #expect(whole.innerLines == 1)
        for cut in 0..<14 {
            var parser = CSVParser()
            #expect(text[0..<cut].withUnsafeBytes { parser.parse($0, from: 0, atEnd: false) } == .incomplete)
        }
    }
}
