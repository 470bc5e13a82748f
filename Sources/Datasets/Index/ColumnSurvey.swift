/// What one pass has seen in one column: enough to say whether it holds numbers or categories, and what is wrong.
///
/// A column in which no cell is a number is a category column. One that holds both is an error, told of the cells that
/// are fewer: the one `abc` among a thousand numbers, or the one `12` among a thousand names.
struct ColumnSurvey {
    /// Different texts of a category column; more are hardly categories.
    static let maximumCategories = 1_000

    let name: String
    private var numbers = 0
    private var texts = 0
    private var numberCells = ProblemList()
    private var textCells = ProblemList()
    /// Missing and infinite values, wrong in every column.
    private var defects = ProblemList()
    private var categories: Set<String> = []

    init(name: String) {
        self.name = name
    }

    mutating func add(_ cell: UnsafeRawBufferPointer, line: Int) {
        switch CellValue(cell) {
        case .number:
            numbers += 1
            numberCells.add(
                line: line, column: name, "'\(cell.excerpt)' is a number, but the column holds text elsewhere")
        case .missing:
            defects.add(line: line, column: name, "a value is missing\(Self.written(cell))")
        case .notANumber, .infinite:
            defects.add(line: line, column: name, "'\(cell.excerpt)' is not a finite number")
        case .text:
            texts += 1
            textCells.add(line: line, column: name, "'\(cell.excerpt)' is not a number")
            if categories.count <= Self.maximumCategories {
                categories.insert(String(decoding: cell.trimmed, as: UTF8.self))
            }
        }
    }

    var isCategory: Bool { texts > 0 && numbers == 0 }

    /// Problems of the column, given what it has to be.
    func problems(mustBeNumbers: Bool) -> ProblemList {
        var all = defects
        if mustBeNumbers || (numbers > 0 && texts <= numbers) {
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
