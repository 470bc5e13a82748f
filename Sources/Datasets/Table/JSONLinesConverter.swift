import Digests
import Foundation

/// Makes CSV text of JSON lines. The columns are the fields of the first line, or those that a job names.
struct JSONLinesConverter: ~Copyable {
    private let spool: TemporaryFile
    private let wanted: Set<String>?
    /// Nil before the first line.
    private var columns: JSONColumns?
    private var record: [UInt8] = []
    /// Whether what came first is a list: then nothing that follows is a row either, and it has been said.
    private var isArray = false

    static func convert(_ text: TextInput, wanted: Set<String>?, _ problems: inout ProblemList) throws -> TableFile {
        var converter = JSONLinesConverter(spool: try TemporaryFile(), wanted: wanted)
        var reader = try LineReader(text)
        do {
            // The reader cannot be asked for the line while it gives one away.
            var line = 0
            while try reader.next({ text in
                line += 1
                try converter.add(text, line: line, &problems)
            }) {}
        } catch let error as RecordTooLong {
            problems.add(line: error.line, error.message)
        }
        try converter.spool.flush()
        let original = try reader.finish()
        return TableFile(
            spool: converter.spool, original: original, expansions: converter.columns?.expansions ?? [:])
    }

    private init(spool: TemporaryFile, wanted: Set<String>?) {
        self.spool = spool
        self.wanted = wanted
    }

    private mutating func add(_ text: UnsafeRawBufferPointer, line: Int, _ problems: inout ProblemList) throws {
        guard !isArray else { return }
        guard !text.trimmed.isEmpty else {
            // The CSV reader tells of an empty line in the midst of others, and counts it.
            if columns == nil { problems.add(line: line, "the line is empty") } else { try write([]) }
            return
        }
        let found: JSONLineParser.Fields
        do throws(JSONLineParser.Defect) {
            found = try JSONLineParser.fields(of: text)
        } catch {
            isArray = columns == nil && text.trimmed.first == UInt8(ascii: "[")
            problems.add(
                line: line,
                isArray
                    ? "a list, expected a JSON object on each line: `jq -c '.[]'` makes them of an array of objects"
                    : error.message)
            if columns != nil { try write([]) }
            return
        }
        let columns = try self.columns ?? begin(found)
        try write(columns.cells(of: found, line: line, &problems))
    }

    private mutating func begin(_ found: JSONLineParser.Fields) throws -> JSONColumns {
        let columns = JSONColumns(ofFirst: found, wanted: wanted)
        self.columns = columns
        try write(columns.names.map { .init(bytes: Array($0.utf8)) })
        return columns
    }

    private mutating func write(_ cells: [JSONLineParser.Cell]) throws {
        record.removeAll(keepingCapacity: true)
        for (index, cell) in cells.enumerated() {
            if index > 0 { record.append(UInt8(ascii: ",")) }
            // A record of one empty cell would be an empty line.
            guard Self.needsQuotes(cell) || (cells.count == 1 && cell.bytes.isEmpty) else {
                record += cell.bytes
                continue
            }
            record.append(UInt8(ascii: "\""))
            for byte in cell.bytes {
                if byte == UInt8(ascii: "\"") { record.append(byte) }
                record.append(byte)
            }
            record.append(UInt8(ascii: "\""))
        }
        record.append(UInt8(ascii: "\n"))
        try record.withUnsafeBytes { try spool.append($0) }
    }

    /// Whether a cell without quotes would be another one, or the word for a missing value instead of a text.
    private static func needsQuotes(_ cell: JSONLineParser.Cell) -> Bool {
        cell.bytes.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 10 || $0 == 13 }
            || (cell.isText
                && cell.bytes.withUnsafeBytes { CellValue($0) != CellValue($0, isText: true) })
    }
}
