import Explanations

/// Makes rows for a model of JSON values: objects by the names of their fields, lists by the order of their values, which
/// may be nested.
///
/// A list holds all values of a row; for a series it is a whole window, or one row of it. A value that stands alone is a
/// row where that has one value; else those of an array are one row together, if they are as many. Optional values at the
/// end of a row may be left out.
struct JSONRawRows {
    private let file: String
    /// Of what the model takes at once.
    private let width: Int
    /// Whether the rows are those of one array.
    private let areInArray: Bool
    private let columns: JSONColumns?
    /// How many values at the end of a row may be left out: they are empty then.
    private let optionalCount: Int
    /// The field that rows are put in order by.
    private let order: String?
    /// Values of an array that are no rows each.
    private var loose: [String] = []
    /// Of the lists so far.
    private var listWidth: Int?
    /// Columns that no object has given so far, be it as null; optional ones are not asked for.
    private var unseen: Set<Int>
    private var sawObjects = false
    /// Whether what is read is one object in no array: it may be none that was meant as a row.
    var isAlone = false
    private var sawValues = false

    init(
        file: String, columns: [String]?, optional: Set<String> = [], width: Int, order: String? = nil, areInArray: Bool
    ) {
        self.file = file
        self.order = order
        self.width = width
        self.areInArray = areInArray
        self.columns = columns.map { JSONColumns(ofModel: $0) }
        unseen = Set((columns ?? []).enumerated().filter { !optional.contains($0.element) }.map { $0.offset })
        optionalCount = columns?.reversed().prefix { optional.contains($0) }.count ?? 0
    }

    mutating func add(
        _ row: Result<JSONLineParser.Row, JSONLineParser.Defect>, place: String, _ body: (RawRow) throws -> Void
    ) throws {
        switch row {
        case .failure(let defect): throw RawRowError(file: file, place: place, message: defect.message)
        case .success(.fields(let fields)): try add(fields, place: place, body)
        case .success(.list(let cells)): try add(cells, place: place, body)
        case .success(.scalar(let cell)): try add(cell, place: place, body)
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
                file: file, place: place,
                message: "the values of the model have no names: give each row as a list"
                    + (isAlone ? " in an array, or \(Self.request)" : ""))
        }
        var problems = ProblemList()
        let cells = columns.cells(of: fields, line: nil, &problems)
        if let problem = problems.problems.first {
            throw RawRowError(file: file, place: place, column: problem.column, message: problem.message)
        }
        guard !isAlone || !columns.columns(givenBy: fields).isEmpty else {
            throw RawRowError(
                file: file, place: place,
                message: "the object has no field that the model reads: expected \(columns.names.listed), an array of "
                    + "rows, or \(Self.request)")
        }
        if !unseen.isEmpty { columns.columns(givenBy: fields).forEach { unseen.subtract($0) } }
        try body(RawRow(place: place, cells: cells.map(Self.text), orderCell: orderCell(fields)))
    }

    /// For messages.
    private static let request = "a request with 'inputs' as the Open Inference Protocol has it"

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
        guard loose.isEmpty else { throw looseValues }
        let cells = completed(cells.map(Self.text))
        guard cells.count == width || cells.count == rowWidth else {
            throw RawRowError(file: file, place: place, message: "\(counted(cells.count, "value")), \(expectation)")
        }
        guard listWidth == nil || listWidth == cells.count else {
            throw RawRowError(
                file: file, place: place,
                message: "rows of a series and whole windows are mixed: expected one or the other")
        }
        listWidth = cells.count
        try body(RawRow(place: place, cells: cells))
    }

    private mutating func add(
        _ cell: JSONLineParser.Cell, place: String, _ body: (RawRow) throws -> Void
    ) throws {
        guard width != 1, rowWidth != 1 else { return try add([cell], place: place, body) }
        sawValues = true
        guard areInArray else {
            guard rowWidth - optionalCount == 1 else {
                throw RawRowError(
                    file: file, place: place,
                    message: "one value, \(expectation): write each row as a list of its values")
            }
            return try add([cell], place: place, body)
        }
        guard listWidth == nil, loose.count < width else { throw looseValues }
        loose.append(Self.text(cell))
    }

    /// Ends the last row. Throws `RawRowError` where it is not complete, or there was none, and what `body` does.
    func finish(_ body: (RawRow) throws -> Void) throws {
        guard sawObjects || sawValues else { throw RawRowError(file: file, message: "expected at least one row") }
        guard !loose.isEmpty else { return }
        let cells = completed(loose)
        guard cells.count == width else { throw looseValues }
        try body(RawRow(place: "row 1", cells: cells))
    }

    /// What the model reads and no object gave, be it as null; nothing where rows are lists.
    var lacking: [String] {
        guard sawObjects, let names = columns?.names else { return [] }
        return unseen.sorted().map { names[$0] }
    }

    /// With the optional values that the row lacks.
    private func completed(_ cells: [String]) -> [String] {
        guard (rowWidth - optionalCount..<rowWidth).contains(cells.count) else { return cells }
        return cells + [String](repeating: "", count: rowWidth - cells.count)
    }

    /// Values of a row of the table; of one without names, all that the model takes.
    private var rowWidth: Int { columns?.names.count ?? width }

    /// What the model takes, for messages.
    private var expectation: String {
        guard let names = columns?.names, !names.isEmpty else { return "the model takes \(width)" }
        let shown = names.prefix(6).map { $0.shortened(toBytes: 60) }.joined(separator: ", ")
        let more = names.count > 6 ? " and \(names.count - 6) more" : ""
        let window = rowWidth == width ? "" : " in each row, or \(width) for \(width / rowWidth) rows in a row"
        return "the model takes \(rowWidth) (\(shown)\(more))\(window)"
    }

    private var looseValues: RawRowError {
        RawRowError(
            file: file,
            message: "the array holds values that are in no row, \(expectation): write each row as a list of its values"
        )
    }

    private static func text(_ cell: JSONLineParser.Cell) -> String { String(decoding: cell.bytes, as: UTF8.self) }
}

extension JSONLineParser {
    /// One row, or what is wrong with it.
    static func result(of text: UnsafeRawBufferPointer) -> Result<Row, Defect> {
        Result { () throws(Defect) in try row(of: text) }
    }
}
