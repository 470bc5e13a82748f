import Foundation

/// A small CSV file as text: a header and its rows, each as long as the header. For files that a person hands over;
/// data sets are read by `DatasetPlanner`, in one pass and bounded memory.
public struct CSVTable: Sendable, Equatable {
    public struct Row: Sendable, Equatable {
        /// Line of the file that it starts on, from 1.
        public var line: Int
        public var cells: [String]

        public init(line: Int, cells: [String]) {
            self.line = line
            self.cells = cells
        }
    }

    public var header: [String]
    public var rows: [Row]

    public init(header: [String], rows: [Row]) {
        self.header = header
        self.rows = rows
    }

    /// Reads RFC 4180 text; blank lines do not count. `file` is for messages.
    ///
    /// - Throws: `DatasetReport` with everything that is wrong with it.
    public init(_ text: [UInt8], file: String) throws {
        var problems = ProblemList()
        var records: [Row] = []
        text.withUnsafeBytes { bytes in
            var parser = CSVParser()
            var scratch: [UInt8] = []
            var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            var line = 1
            while case .record(let end, let next) = parser.parse(bytes, from: position, atEnd: true) {
                if let defect = parser.defect { problems.add(line: line, defect.rawValue) }
                if end > position {
                    let cells = parser.cells.map { cell in
                        cell.withBytes(of: bytes, scratch: &scratch) { String(decoding: $0, as: UTF8.self) }
                    }
                    records.append(Row(line: line, cells: cells))
                }
                line += parser.innerLines + 1
                position = next
            }
        }
        header = records.first?.cells.map { $0.trimmingCharacters(in: .whitespaces) } ?? []
        rows = Array(records.dropFirst())
        if rows.isEmpty { problems.add("expected a header and at least one row") }
        for row in rows where row.cells.count != header.count {
            problems.add(line: row.line, "\(row.cells.count) cells, where the header has \(header.count)")
        }
        guard problems.isEmpty else { throw problems.report(file: file) }
    }
}
