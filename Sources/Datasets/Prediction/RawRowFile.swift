public import Foundation
import Explanations

/// A file of rows that a model is asked about. Each format is read by the reader that training data of that format is read
/// by, so that a row means the same in both.
public struct RawRowFile: Sendable {
    public enum Format: Sendable, Equatable {
        /// A table with a header.
        case csv
        /// A JSON object or list a line.
        case jsonl
        /// A JSON array of objects or lists, or one object.
        case json
        /// A text a line.
        case text
    }

    /// A whole array is held in memory; a longer one can be given as JSON lines.
    public static let maximumArrayBytes = 1 << 30

    public let url: URL
    public let format: Format
    /// As a person wrote it, for messages.
    public let name: String

    public init(_ url: URL, format: Format, name: String) {
        self.url = url
        self.format = format
        self.name = name
    }

    /// Gives the rows to `body`, one after the other, each as `columns` names its cells.
    ///
    /// - Parameters:
    ///   - columns: what the model reads; nil: its values have no names.
    ///   - optional: those of them that a row, or the file, may lack: they are empty then.
    ///   - width: cells of a row.
    ///   - dropped: columns of the table that are no features, where there are no names.
    ///   - order: a column of dates or numbers that the rows are given in the order of; nil: they keep theirs.
    ///   - unordered: called where the rows have no such column, and so keep their order.
    ///   - lacking: called in the end with the columns that are in no row of JSON objects, not even as null.
    /// - Throws: `RawRowError` at the first row that cannot be read, `DataFileError`, `DatasetReport`, and what `body` does.
    public func forEachRow(
        columns: [String]?, optional: Set<String> = [], width: Int, dropping dropped: [String] = [],
        order: String? = nil, _ body: (RawRow) throws -> Void, unordered: () -> Void = {},
        lacking: ([String]) -> Void = { _ in }
    ) throws {
        guard let order else {
            return try read(
                columns: columns, optional: optional, width: width, dropping: dropped, order: nil, body,
                lacking: lacking)
        }
        var rows = OrderedRawRows(file: name, column: order, width: columns?.count)
        try read(
            columns: columns, optional: optional, width: width, dropping: dropped, order: order,
            { try rows.add($0) }, lacking: lacking)
        try rows.forEach(body, unordered: unordered)
    }

    private func read(
        columns: [String]?, optional: Set<String>, width: Int, dropping dropped: [String], order: String?,
        _ body: (RawRow) throws -> Void, lacking: ([String]) -> Void
    ) throws {
        switch format {
        case .csv:
            try forEachRecord(
                columns: columns, optional: optional, width: width, dropping: dropped, order: order, body)
        case .text: try forEachText(width: width, body)
        case .jsonl:
            var rows = JSONRawRows(
                file: name, columns: columns, optional: optional, width: width, order: order, areInArray: false)
            try forEachLine { text, line in try rows.add(JSONLineParser.result(of: text), place: "line \(line)", body) }
            try rows.finish(body)
            if !rows.lacking.isEmpty { lacking(rows.lacking) }
        case .json:
            let bytes = try contents()
            var rows = JSONRawRows(
                file: name, columns: columns, optional: optional, width: width, order: order, areInArray: true)
            try bytes.withUnsafeBytes { bytes in
                let start = bytes.starts(with: TextSignature.byteOrderMark) ? TextSignature.byteOrderMark.count : 0
                let text = UnsafeRawBufferPointer(rebasing: bytes[start...])
                rows.isAlone = text.first(where: { ![9, 10, 13, 32].contains($0) }) == UInt8(ascii: "{")
                try JSONLineParser.rows(of: text) { index, row in
                    try rows.add(row, place: "row \(index + 1)", body)
                }
            }
            try rows.finish(body)
            if !rows.lacking.isEmpty { lacking(rows.lacking) }
        }
    }

    /// All of the file. Throws `RawRowError` where that is more than an array may be.
    public func contents() throws -> [UInt8] {
        let text = try TextInput(url)
        let file = try InputFile(text.url)
        guard file.size <= Self.maximumArrayBytes else {
            throw RawRowError(
                file: name,
                message:
                    "\(file.size) bytes are more than the \(Self.maximumArrayBytes) of one array: give it as .jsonl")
        }
        return try file.bytes(at: 0, count: file.size)
    }

    private func forEachRecord(
        columns: [String]?, optional: Set<String>, width: Int, dropping dropped: [String], order: String?,
        _ body: (RawRow) throws -> Void
    ) throws {
        let table = TableFile(csv: try TextInput(url))
        var reader = try table.reader()
        var header: RawRowHeader?
        var blankLine: Int?
        var isEmpty = true
        do {
            while try reader.next() {
                if reader.isBlank {
                    if blankLine == nil { blankLine = reader.line }
                    continue
                }
                let place = "line \(reader.line)"
                if let blankLine { throw error("line \(blankLine)", "the line is empty") }
                if header == nil, let form = reader.otherSeparator { throw error(nil, "the header \(form)") }
                if let problem = reader.problem {
                    let names = header?.names ?? []
                    let column = problem.cell.flatMap { names.indices.contains($0) ? names[$0] : nil }
                    throw RawRowError(file: name, place: place, column: column, message: problem.message)
                }
                let cells = (0..<reader.cellCount).map { reader.withCell($0) { String(decoding: $0, as: UTF8.self) } }
                guard let header else {
                    let hasReturn = cells.indices.contains { cells[$0].utf8.contains(13) && !reader.isQuoted($0) }
                    header = try RawRowHeader(
                        cells, hasReturn: hasReturn, columns: columns, optional: optional, width: width,
                        dropping: dropped, order: order, file: name)
                    continue
                }
                guard cells.count == header.names.count else {
                    throw error(
                        place, "expected \(counted(header.names.count, "cell")) as in the header, found \(cells.count)")
                }
                isEmpty = false
                try body(
                    RawRow(
                        place: place, cells: header.places.map { $0.map { cells[$0] } ?? "" },
                        orderCell: header.order.map { cells[$0] }))
            }
        } catch let long as RecordTooLong {
            throw error("line \(long.line)", long.message)
        }
        guard !isEmpty else { throw error(nil, "expected a header and at least one row") }
    }

    /// A line is a row: an empty one has nothing to read, so it is told of instead of moving all others up.
    private func forEachText(width: Int, _ body: (RawRow) throws -> Void) throws {
        // Behind the source of a translation comes what it begins with: nothing.
        let rest = [String](repeating: "", count: max(width - 1, 0))
        try forEachLine { text, line in
            guard text.firstNonText == nil else { throw error("line \(line)", UTF8Problem.message(text)) }
            guard !text.isBlankText else { throw error("line \(line)", "the text is empty") }
            try body(RawRow(place: "line \(line)", cells: [String(decoding: text, as: UTF8.self)] + rest))
        }
    }

    /// Gives the lines; empty ones at the end do not count.
    private func forEachLine(_ body: (UnsafeRawBufferPointer, Int) throws -> Void) throws {
        var reader = try LineReader(url)
        var line = 0
        var blankLine: Int?
        var isEmpty = true
        do {
            while try reader.next({ text in
                line += 1
                guard !text.isEmpty else {
                    if blankLine == nil { blankLine = line }
                    return
                }
                if let blankLine { throw error("line \(blankLine)", "the line is empty") }
                isEmpty = false
                try body(text, line)
            }) {}
        } catch let long as RecordTooLong {
            throw error("line \(long.line)", long.message)
        }
        guard !isEmpty else { throw error(nil, "the file is empty: expected a row in each line") }
    }

    private func error(_ place: String?, _ message: String) -> RawRowError {
        RawRowError(file: name, place: place, message: message)
    }
}
