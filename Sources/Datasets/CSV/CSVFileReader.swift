import Digests
import Foundation

/// Reads a CSV file record by record in one pass, in memory that does not grow with the file, and hashes it on the way.
struct CSVFileReader: ~Copyable {
    /// The largest record; a quote that is never closed would otherwise swallow the rest of the file.
    static let maximumRecordBytes = 16 << 20

    private let file: InputFile
    private var parser = CSVParser()
    private var hash: SHA256
    private var piece: Piece
    /// Bytes of the buffer that hold text, and where in it the next record starts.
    private var filled = 0
    private var position = 0
    /// Offset in the file of the buffer's first byte.
    private var base = 0
    private var atEnd = false
    private let countsRecords: Bool
    private var nextLine: Int
    private var scratch: [UInt8] = []
    /// The cell of the current record whose bytes are no UTF-8.
    private var damagedCell: Int?

    /// Of the current record: its bytes in the file without the line end, and the line that it starts on, from 1.
    private(set) var offset = 0
    private(set) var length = 0
    private(set) var line = 0

    /// - Parameter countsRecords: number the records from 0 instead of telling their lines: the file stands for another
    ///   one that has no header and a record on each line.
    init(_ url: URL, countsRecords: Bool = false, pieceBytes: Int = InputFile.pieceBytes) throws {
        file = try InputFile(url)
        self.countsRecords = countsRecords
        nextLine = countsRecords ? 0 : 1
        hash = SHA256()
        piece = Piece(byteCount: max(pieceBytes, TextSignature.byteOrderMark.count))
    }

    private var buffer: UnsafeMutableRawBufferPointer { piece.bytes }

    var cellCount: Int { parser.cells.count }
    /// What is wrong with the current record; whoever reads cells asks for it first.
    var defect: CSVParser.Defect? { parser.defect ?? (damagedCell == nil ? nil : .notUTF8) }
    /// Nothing between two line ends.
    var isBlank: Bool { length == 0 }

    /// Goes to the next record; false at the end of the file.
    mutating func next() throws -> Bool {
        while true {
            let text = UnsafeRawBufferPointer(rebasing: buffer[0..<filled])
            switch parser.parse(text, from: position, atEnd: atEnd) {
            case .record(let end, let next):
                offset = base + position
                length = end - position
                line = nextLine
                nextLine += countsRecords ? 1 : parser.innerLines + 1
                position = next
                findDamage(UnsafeRawBufferPointer(rebasing: text[end - length..<end]), at: end - length)
                return true
            case .incomplete:
                guard filled - position < Self.maximumRecordBytes else { throw RecordTooLong.row(at: nextLine) }
                try refill()
            case .end:
                return false
            }
        }
    }

    private mutating func findDamage(_ record: UnsafeRawBufferPointer, at start: Int) {
        damagedCell = record.firstNonText.map { place in
            parser.cells.firstIndex { start + place < $0.end } ?? max(parser.cells.count - 1, 0)
        }
    }

    /// What is wrong with the current record, and in which of its cells, where one is to blame.
    var problem: (cell: Int?, message: String)? {
        if let defect = parser.defect { return (nil, defect.rawValue) }
        guard let damagedCell else { return nil }
        let text = UnsafeRawBufferPointer(rebasing: buffer[0..<filled])
        let cell = parser.cells[damagedCell]
        return (damagedCell, UTF8Problem.message(UnsafeRawBufferPointer(rebasing: text[cell.start..<cell.end])))
    }

    /// Where the current record is a header that is broken because of another separator than the comma: what to say of it.
    var otherSeparator: String? {
        guard let defect = parser.defect, defect != .unterminatedQuote else { return nil }
        let start = offset - base
        let text = UnsafeRawBufferPointer(rebasing: buffer[start..<start + min(length, 4096)])
        return TableForm.otherSeparator(betweenQuotes: String(decoding: text, as: UTF8.self))
    }

    /// Whether a cell of the current record stands in quotes.
    func isQuoted(_ index: Int) -> Bool { parser.cells[index].isQuoted }

    /// The bytes of one cell of the current record, doubled quotes made single.
    mutating func withCell<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let text = UnsafeRawBufferPointer(rebasing: buffer[0..<filled])
        return try parser.cells[index].withBytes(of: text, scratch: &scratch, body)
    }

    /// SHA-256 of the whole file. Call at the end of it.
    consuming func finish() throws -> (digest: ContentDigest, bytes: Int) {
        try file.checkUnchanged()
        return (hash.finalize(), base + filled)
    }

    /// Moves the unfinished record to the front of the buffer, which grows if the record fills it, and reads on.
    private mutating func refill() throws {
        let rest = filled - position
        if rest > buffer.count / 2 {
            let larger = Piece(byteCount: buffer.count * 2)
            larger.bytes.baseAddress!.copyMemory(from: buffer.baseAddress! + position, byteCount: rest)
            piece = larger
        } else {
            memmove(buffer.baseAddress!, buffer.baseAddress! + position, rest)
        }
        base += position
        position = 0
        let free = UnsafeMutableRawBufferPointer(rebasing: buffer[rest...])
        let count = try file.read(into: free, at: base + rest)
        hash.update(UnsafeRawBufferPointer(rebasing: free[0..<count]))
        if base + rest == 0, free[0..<count].starts(with: TextSignature.byteOrderMark) {
            position = TextSignature.byteOrderMark.count
        }
        filled = rest + count
        atEnd = count < free.count
    }
}

/// Owns the memory that a part of the file is read into.
private final class Piece {
    let bytes: UnsafeMutableRawBufferPointer

    init(byteCount: Int) {
        bytes = .allocate(byteCount: byteCount, alignment: 16)
    }

    deinit {
        bytes.deallocate()
    }
}

/// A record of more than `CSVFileReader.maximumRecordBytes`, or a line of more than `LineReader.maximumLineBytes`.
struct RecordTooLong: Error, CustomStringConvertible {
    var line: Int
    /// What is wrong with it.
    var message: String

    static func row(at line: Int) -> RecordTooLong {
        RecordTooLong(
            line: line,
            message: "a row of more than \(CSVFileReader.maximumRecordBytes >> 20) MiB: is a quote never closed?")
    }

    static func line(_ line: Int) -> RecordTooLong {
        RecordTooLong(line: line, message: "a line of more than \(LineReader.maximumLineBytes >> 20) MiB")
    }

    var description: String { "line \(line): \(message)" }
}

extension CSVParser.Cell {
    /// Gives the cell's bytes to `body`, from the text itself or, with doubled quotes made single, from `scratch`.
    func withBytes<Result>(
        of text: UnsafeRawBufferPointer, scratch: inout [UInt8], _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        let cell = UnsafeRawBufferPointer(rebasing: text[start..<end])
        guard hasDoubledQuotes else { return try body(cell) }
        scratch.removeAll(keepingCapacity: true)
        var index = 0
        while index < cell.count {
            scratch.append(cell[index])
            // The parser saw to it that quotes come in pairs here.
            index += cell[index] == UInt8(ascii: "\"") ? 2 : 1
        }
        return try scratch.withUnsafeBytes(body)
    }
}
