/// Rows of a file in the order of a column, as a series is put in order for training.
struct OrderedRawRows {
    private let file: String
    private let column: String
    /// Cells of a row of the table; one of more is a whole window, whose rows are in order already.
    private let width: Int?
    private var bytes = 0
    private var rows: [(key: Double, row: RawRow)] = []
    /// Whether the rows have the column, once there is one.
    private var isOrdered: Bool?

    init(file: String, column: String, width: Int?) {
        self.file = file
        self.column = column
        self.width = width
    }

    /// Throws `RawRowError` where the row has no place in the order.
    mutating func add(_ row: RawRow) throws(RawRowError) {
        guard isOrdered == nil || isOrdered == (row.orderCell != nil) else {
            throw RawRowError(
                file: file, place: row.place, column: column,
                message: "rows are put in order by it, but some have it and some do not")
        }
        isOrdered = row.orderCell != nil
        bytes += row.cells.reduce(MemoryLayout<RawRow>.stride) { $0 + MemoryLayout<String>.stride + $1.utf8.count }
        guard bytes <= RawRowFile.maximumArrayBytes else {
            throw RawRowError(
                file: file, place: row.place,
                message:
                    "the rows up to here take more than \(RawRowFile.maximumArrayBytes) bytes, and all are needed to "
                    + "put them in order: cut the file into several")
        }
        guard var cell = row.orderCell else { return rows.append((0, row)) }
        guard let key = cell.withUTF8({ OrderKey.value(of: UnsafeRawBufferPointer($0)) }) else {
            throw RawRowError(
                file: file, place: row.place, column: column,
                message: cell.withUTF8 { OrderKey.message(UnsafeRawBufferPointer($0)) } + "among the rows of a series")
        }
        rows.append((key, row))
    }

    /// Rows with one key keep their order, as do rows without the column; then `unordered` is called first.
    func forEach(_ body: (RawRow) throws -> Void, unordered: () -> Void) rethrows {
        guard isOrdered == true else {
            if rows.contains(where: { $0.row.cells.count == width }) { unordered() }
            return try rows.forEach { try body($0.row) }
        }
        for place in rows.indices.sorted(by: { (rows[$0].key, $0) < (rows[$1].key, $1) }) {
            try body(rows[place].row)
        }
    }
}

/// What rows are put in order by.
enum OrderKey {
    /// A number, or the days of a date; nil of any other cell.
    static func value(of cell: UnsafeRawBufferPointer) -> Double? {
        if case .number(let value) = CellValue(cell) { return value }
        return CalendarDate.days(cell.trimmed)
    }

    /// What is said of any other; where it has no place is to be added.
    static func message(_ cell: UnsafeRawBufferPointer) -> String {
        "'\(cell.excerpt)' is neither a date nor a number, so the row has no place "
    }
}
