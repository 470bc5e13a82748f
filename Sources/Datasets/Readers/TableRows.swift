/// Reads single rows of a table at random, and their cells.
struct TableRows: ~Copyable {
    private let source: TableSource
    private var parser = CSVParser()
    private var scratch: [UInt8] = []
    private var bytes: [UInt8] = []

    init(_ source: TableSource) {
        self.source = source
    }

    /// Goes to a row, whose cells can be read then.
    mutating func read(_ row: Int) throws {
        bytes = [UInt8](repeating: 0, count: Int(source.index.rows[row].length))
        try bytes.withUnsafeMutableBytes { try source.read(row, into: $0) }
        _ = bytes.withUnsafeBytes { parser.parse($0, from: 0, atEnd: true) }
        guard parser.cells.count == source.index.columns.count else {
            throw DataFileError.changed(source.table.csv)
        }
    }

    mutating func withCell<Result>(
        _ column: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        let cell = parser.cells[column]
        return try bytes.withUnsafeBytes { try cell.withBytes(of: $0, scratch: &scratch, body) }
    }
}
