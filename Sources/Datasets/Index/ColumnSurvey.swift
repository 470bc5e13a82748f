/// What one pass has seen in one column: enough to say what it holds, and what is wrong.
///
/// Unless a job says what it is, a column in which no cell is a number is a category column. One that holds both is an
/// error, told of the cells that are fewer: the one `abc` among a thousand numbers, or the one `12` among a thousand
/// names.
struct ColumnSurvey {
    /// Different texts of a category column; more are hardly categories.
    static let maximumCategories = 1_000

    let name: String
    private let content: TableRequest.Content
    private let rule: Cleaning.Missing
    private var numbers = 0
    private var texts = 0
    private var numberCells = ProblemList()
    private var textCells = ProblemList()
    /// Missing and infinite values, wrong in every column.
    private var defects = ProblemList()
    private var categories: Set<String> = []

    init(name: String, content: TableRequest.Content = .any, rule: Cleaning.Missing = .error) {
        self.name = name
        self.content = content
        self.rule = rule
    }

    mutating func add(_ cell: UnsafeRawBufferPointer, line: Int) {
        switch content {
        case .text:
            if cell.trimmed.isEmpty { defects.add(line: line, column: name, "the text is missing") }
        case .type(.date): addDate(cell, line: line)
        case .any, .type: addValue(cell, line: line)
        }
    }

    private mutating func addValue(_ cell: UnsafeRawBufferPointer, line: Int) {
        switch CellValue(cell) {
        case .number:
            guard !isDeclaredCategory else { return addCategory(cell) }
            numbers += 1
            numberCells.add(
                line: line, column: name, "'\(cell.excerpt)' is a number, but the column holds text elsewhere")
        case .missing where rule.fills, .notANumber where rule.fills: break
        case .missing:
            defects.add(line: line, column: name, "a value is missing\(Self.written(cell))")
        case .notANumber, .infinite:
            defects.add(line: line, column: name, "'\(cell.excerpt)' is not a finite number")
        case .text:
            textCells.add(line: line, column: name, "'\(cell.excerpt)' is not a number")
            addCategory(cell)
        }
    }

    private mutating func addCategory(_ cell: UnsafeRawBufferPointer) {
        texts += 1
        if categories.count <= Self.maximumCategories {
            categories.insert(String(decoding: cell.trimmed, as: UTF8.self))
        }
    }

    private mutating func addDate(_ cell: UnsafeRawBufferPointer, line: Int) {
        guard CalendarDate.days(cell.trimmed) == nil else { return }
        if CellValue(cell).isMissingOrNaN {
            if !rule.fills { defects.add(line: line, column: name, "a date is missing\(Self.written(cell))") }
        } else {
            defects.add(
                line: line, column: name,
                "'\(cell.excerpt)' is not a date such as 2024-12-31 or 2024-12-31T18:30:00Z")
        }
    }

    private var isDeclaredCategory: Bool {
        switch content {
        case .type(.category), .type(.index): true
        default: false
        }
    }

    var type: ColumnType {
        if case .type(let type) = content { return type }
        return texts > 0 && numbers == 0 ? .category : .number
    }

    /// Problems of the column, given what it has to be.
    func problems(mustBeNumbers: Bool) -> ProblemList {
        var all = defects
        let isNumber = if case .type(.number) = content { true } else { mustBeNumbers }
        if isNumber || (numbers > 0 && texts <= numbers) {
            all.add(textCells)
        } else if numbers > 0 {
            all.add(numberCells)
        } else if categories.count > Self.maximumCategories {
            all.add(
                column: name,
                "more than \(Self.maximumCategories) different texts are too many for categories: leave the column "
                    + "out by naming the columns to use in data.features")
        }
        return all
    }

    private static func written(_ cell: UnsafeRawBufferPointer) -> String {
        cell.trimmed.isEmpty ? "" : " ('\(cell.excerpt)')"
    }
}

extension Cleaning.Missing {
    /// Whether something stands in for a missing value.
    var fills: Bool {
        switch self {
        case .error, .drop: false
        case .mean, .median, .mostFrequent, .constant: true
        }
    }
}
