import Compression
@testable import Datasets
import Digests
import Foundation
import Testing

/// What is no UTF-8 is refused by whoever opens it, with its place; gzipped text is read as plain text is.
@Suite struct EncodingTests {
    private let remedy =
        "is not UTF-8: convert the file, for example by `iconv -f WINDOWS-1252 -t UTF-8 FILE` if it is in Latin-1"

    private func latin1(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8($0.value) } }

    private func job(_ scratch: ScratchFile) -> DataSpecification {
        DataSpecification(
            path: scratch.path, format: scratch.path.contains("jsonl") ? .jsonl : .csv, targets: ["y"],
            split: .init(train: 1, test: 0))
    }

    private func found(_ bytes: [UInt8], _ name: String = "data.csv") throws -> [String] {
        let scratch = try ScratchFile(bytes, name: name)
        return try problems { _ = try PlannedData(job(scratch), target: .classes(2), input: [1]) }
    }

    @Test func latin1HasItsPlace() throws {
        #expect(
            try found(latin1("town,y\nBerlin,a\n\"M\u{FC}nchen\",b\nUlm,\u{FC}\n")) == [
                "line 3, column 'town': 'M\\xFCnchen' \(remedy)", "line 4, column 'y': '\\xFC' \(remedy)",
            ])
        #expect(try found(latin1("gr\u{FC}n,y\n1,a\n2,b\n")).first == "line 1: 'gr\\xFCn' \(remedy) in the header")
        #expect(
            try found(latin1("{\"a\": 1, \"y\": \"M\u{E4}\"}\n{\"\u{FC}\": 1, \"y\": \"b\"}\n"), "data.jsonl") == [
                "line 1: field 'y': 'M\\xE4' \(remedy)", "line 2: the name of a field: '\\xFC' \(remedy)",
            ])
    }

    /// Surrogates, forms that are too long and characters that are cut off are no UTF-8 (Unicode 15, table 3-7).
    @Test(
        arguments: [[0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80], [0xFE]]
            as [[UInt8]])
    func illFormedBytes(bytes: [UInt8]) throws {
        let padded = Array("12345678".utf8) + bytes
        #expect(padded.withUnsafeBytes { $0.firstInvalidUTF8 } == 8)
        let sound = Array("1234567\u{E9}\u{20AC}\u{1F600}".utf8)
        #expect(sound.withUnsafeBytes { $0.firstInvalidUTF8 } == nil)
    }

    /// No program writes a NUL into text.
    @Test func aFileThatIsNoTextIsNamed() throws {
        let damage = "holds a NUL byte: the file is no text, or not in UTF-8"
        #expect(
            try found(Array("town,y\nBe\u{0}rlin,a\nUlm,b\n".utf8))
                == ["line 2, column 'town': 'Be\\0rlin' \(damage)"])
        #expect(try found(Array("to\u{0}wn,y\nUlm,b\nBonn,a\n".utf8)).first?.contains(damage) == true)
        let scratch = try ScratchFile("good\nb\u{0}d\n", name: "rows.txt")
        let error = #expect(throws: RawRowError.self) {
            try RawRowFile(scratch.url, format: .text, name: "rows.txt").forEachRow(columns: ["t"], width: 1) { _ in }
        }
        #expect(error?.description == "rows.txt, line 2: 'b\\0d' \(damage)")
    }

    @Test func otherEncodingsAreNamed() throws {
        let text = "a,y\n1,x\n2,y\n"
        let units = Array(text.utf16)
        let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        for (bytes, name) in [
            ([0xFF, 0xFE] + little, "UTF-16"), ([0xFE, 0xFF] + big, "UTF-16"), (little, "UTF-16LE"), (big, "UTF-16BE"),
            ([0xFF, 0xFE, 0, 0] + little, "UTF-32"),
        ] {
            for file in ["data.csv", "data.jsonl"] {
                #expect(
                    try found(bytes, file) == [
                        "the file is in \(name), expected UTF-8: convert it, for example by "
                            + "`iconv -f \(name) -t UTF-8 FILE`"
                    ])
            }
        }
        #expect(
            try found(Array("PK\u{3}\u{4}rest".utf8)) == [
                "the file is a ZIP archive, as Excel workbooks are, expected text in UTF-8, which may be gzipped"
            ])
    }

    @Test func plainTextHasItsLine() throws {
        let scratch = try ScratchFile(
            latin1("one two\nthree f\u{FC}nf\n" + String(repeating: "a b ", count: 50)), name: "t.txt")
        var job = DataSpecification(path: scratch.path, format: .text, targets: [], split: .init(train: 0.5, test: 0.5))
        job.text = TextForm(use: .continueText, positions: 4, tokenizer: .bytes)
        #expect(
            try problems { _ = try PlannedData(job, target: .classes(256), input: [4]) }
                == ["line 2: 'three f\\xFCnf' \(remedy)"])
    }

    /// The mark is no part of the text.
    @Test func byteOrderMarks() throws {
        let words = (0..<40).map { "w\($0) " }.joined()
        func samples(_ text: String) throws -> Samples {
            let scratch = try ScratchFile(text, name: "t.txt")
            var job = DataSpecification(
                path: scratch.path, format: .text, targets: [], split: .init(train: 0.5, test: 0.5))
            job.text = TextForm(use: .continueText, positions: 4, tokenizer: .bytes)
            return try PlannedData(job, target: .classes(256), input: [4]).samples(\.training)
        }
        #expect(try samples("\u{FEFF}" + words) == samples(words))
    }

    @Test func linesThatEndWithAReturnAlone() throws {
        #expect(
            try found(Array("a,y\r1,x\r2,y\r".utf8))
                == [
                    "line 1: lines end with a carriage return alone, expected LF or CR LF: convert the file, for example by "
                        + "`tr '\\r' '\\n' < FILE > NEW`"
                ])
    }

    @Test(arguments: ["data.csv", "data.jsonl"])
    func gzippedTables(name: String) throws {
        let text = name.hasSuffix("csv") ? "a,y\n1,x\n2,y\n3,x\n" : "{\"a\":1,\"y\":\"x\"}\n{\"a\":2,\"y\":\"y\"}\n"
        let plain = try ScratchFile(text, name: name)
        let halves = (Array(text.utf8.prefix(9)), Array(text.utf8.dropFirst(9)))
        // Two members behind each other are one text, and zeros may follow.
        let bytes = GzipText.stored(halves.0) + GzipText.stored(halves.1) + [0, 0, 0]
        let zipped = try ScratchFile(bytes, name: name + ".gz")
        let expected = try PlannedData(job(plain), target: .classes(2), input: [1])
        let found = try PlannedData(job(zipped), target: .classes(2), input: [1])
        #expect(try found.samples(\.training) == expected.samples(\.training))
        #expect(found.plan.digest == ContentDigest(of: bytes))
        #expect(try DatasetProfile(of: zipped.url).rows == expected.plan.rows)
    }

    @Test func damagedAndEndlessGzip() throws {
        var bytes = GzipText.stored(Array("a,y\n1,x\n2,y\n".utf8))
        #expect(try found(Array(bytes.dropLast(12))) == ["the file is gzipped, but the compressed data ends too early"])
        bytes[12] ^= 0xFF
        #expect(try found(bytes).first?.hasPrefix("the file is gzipped, but the compressed data is damaged") == true)
        let bomb = try ScratchFile(GzipText.stored([UInt8](repeating: 32, count: 5000)), name: "b.csv")
        let report = #expect(throws: DatasetReport.self) { try TextInput(bomb.url, limit: 4999) }
        #expect(
            report?.problems.map(\.message)
                == ["the file is gzipped, but more than 4999 bytes come of it: decompress it first"])
        #expect(throws: Never.self) { try TextInput(bomb.url, limit: 5000) }
    }

    @Test func profilesSayItToo() throws {
        let scratch = try ScratchFile(latin1("a,b\n1,\u{E9}\n"), name: "data.csv")
        let report = #expect(throws: DatasetReport.self) { try DatasetProfile(of: scratch.url) }
        #expect(report?.problems.map(\.description) == ["line 2, column 'b': '\\xE9' \(remedy)"])
    }
}

/// gzip files whose data is stored, not compressed (RFC 1951, 3.2.4, and RFC 1952).
enum GzipText {
    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var sum = CRC32()
        bytes.withUnsafeBytes { sum.update($0) }
        let length = UInt16(bytes.count)
        return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1] + little(length) + little(~length) + bytes + little(sum.value)
            + little(UInt32(bytes.count))
    }

    private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}
