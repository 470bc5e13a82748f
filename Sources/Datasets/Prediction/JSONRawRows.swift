internal import Spelling

/// Makes rows for a model of JSON values: objects by the names of their fields, lists by the order of their values, which
/// may be nested and run over several lists.
struct JSONRawRows {
    private let file: String
    private let width: Int
    private let columns: JSONColumns?
    /// The field that rows are put in order by.
    private let order: String?
    /// Values of a row that is not complete.
    private var rest: [String] = []
    private var restPlace = ""
    private var sawObjects = false
    private var sawValues = false

    init(file: String, columns: [String]?, width: Int, order: String? = nil) {
        self.file = file
        self.order = order
        self.width = width
        self.columns = columns.map { JSONColumns(ofModel: $0) }
    }

    mutating func add(
        _ row: Result<JSONLineParser.Row, JSONLineParser.Defect>, place: String, _ body: (RawRow) throws -> Void
    ) throws {
        switch row {
        case .failure(let defect): throw RawRowError(file: file, place: place, message: defect.message)
        case .success(.fields(let fields)): try add(fields, place: place, body)
        case .success(.values(let cells)): try add(cells, place: place, body)
        }
        guard !(sawObjects && sawValues) else {
            throw RawRowError(
                file: file, place: place, message: "objects and lists are mixed: expected one or the other")
        }
    }

    private mutating func add(
        _ fields: JSONLineParser.Fields, place: String, _ body: (RawRow) throws -> Void
    ) throws {
        sawObjects = true
        guard let columns else {
            throw RawRowError(
                file: file, place: place, message: "the values of the model have no names: give each row as a list")
        }
        var problems = ProblemList()
        let cells = columns.cells(of: fields, line: nil, &problems)
        if let problem = problems.problems.first {
            throw RawRowError(file: file, place: place, column: problem.column, message: problem.message)
        }
        try body(RawRow(place: place, cells: cells.map(Self.text), orderCell: orderCell(fields)))
    }

    private func orderCell(_ fields: JSONLineParser.Fields) -> String? {
        guard let order, let field = fields.first(where: { $0.0 == order }), case .cell(let cell) = field.1 else {
            return nil
        }
        return Self.text(cell)
    }

    private mutating func add(
        _ cells: [JSONLineParser.Cell], place: String, _ body: (RawRow) throws -> Void
    ) throws {
        sawValues = true
        for cell in cells {
            if rest.isEmpty { restPlace = place }
            rest.append(Self.text(cell))
            guard rest.count == width else { continue }
            try body(RawRow(place: restPlace, cells: rest))
            rest.removeAll(keepingCapacity: true)
        }
    }

    /// Throws `RawRowError` where the last row is not complete, or there was none.
    func finish() throws(RawRowError) {
        guard rest.isEmpty else {
            throw RawRowError(
                file: file, place: restPlace,
                message: "the last row has \(counted(rest.count, "value")), the model takes \(width) for each")
        }
        guard sawObjects || sawValues else { throw RawRowError(file: file, message: "expected at least one row") }
    }

    private static func text(_ cell: JSONLineParser.Cell) -> String { String(decoding: cell.bytes, as: UTF8.self) }
}

extension JSONLineParser {
    /// One row, or what is wrong with it.
    static func result(of text: UnsafeRawBufferPointer) -> Result<Row, Defect> {
        Result { () throws(Defect) in try row(of: text) }
    }
}
