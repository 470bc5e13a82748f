import Explanations

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
    private let ids: TokenIDs?
    private var cells = 0
    private var numbers = 0
    private var texts = 0
    /// Cells in whose place something is filled in.
    private var filled = 0
    /// Texts that are numbers but for how they are written, and the first of them.
    private var writtenNumbers = 0
    private var writtenNumber = ""
    /// Texts that are dates, and the first of them.
    private var dates = 0
    private var date = ""
    private var numberCells = ProblemList()
    private var textCells = ProblemList()
    /// Missing and infinite values, wrong in every column.
    private var defects = ProblemList()
    /// Numbers that are no token ids, where they should be.
    private(set) var wrongIDs = ProblemList()
    private var categories: Set<String> = []
    private(set) var precision = FloatPrecision()
    /// Words for a missing value, and where they first stood: without quotes, and in quotes, where they are texts.
    private var bareWords: [String: Int] = [:]
    private var quotedWords: [String: Int] = [:]
    /// Texts that are such words, and missing values where all others are numbers and something is filled in.
    private var quotedMissing = 0

    /// Of a column that is learned: where the job says what is filled in; nil: nowhere.
    private let fillKey: [String]?

    init(
        name: String, content: TableRequest.Content = .any, rule: Cleaning.Missing = .error,
        fillKey: [String]? = nil, ids: TokenIDs? = nil
    ) {
        self.ids = ids
        self.fillKey = fillKey
        self.name = name
        self.content = content
        self.rule = rule
    }

    mutating func add(_ cell: UnsafeRawBufferPointer, isQuoted: Bool = false, line: Int) {
        cells += 1
        switch content {
        case .text:
            if cell.isBlankText { defects.add(line: line, column: name, "the text is missing") }
        case .type(.date): addDate(cell, line: line)
        case .any, .type: addValue(cell, isQuoted: isQuoted, line: line)
        }
    }

    /// A cell whose row is left out because of it.
    mutating func addDropped(_ cell: UnsafeRawBufferPointer, line: Int) {
        addWord(cell, to: \.bareWords, line: line)
    }

    private mutating func addValue(_ cell: UnsafeRawBufferPointer, isQuoted: Bool, line: Int) {
        let name = name
        switch content.value(of: cell, isQuoted: isQuoted) {
        case .number(let value):
            numbers += 1
            precision.add(value) { Int128(decimal: String(decoding: cell.trimmed, as: UTF8.self)) }
            numberCells.add(
                line: line, column: name, "'\(cell.excerpt)' is a number, but the column holds text elsewhere")
            checkID(Float(value), cell, line: line)
        case .missing where rule.fills, .notANumber where rule.fills:
            filled += 1
            addWord(cell, to: \.bareWords, line: line)
        case .missing:
            let fillKey = fillKey
            defects.add(
                line: line, column: name, key: ["data", "clean", "missing"],
                "a value is missing\(Self.remedy(for: cell, of: name, fillKey: fillKey))")
        case .notANumber:
            let remedy = fillKey.map(Self.remedy(forTargetWithRuleAt:)) ?? Self.missingRemedy
            defects.add(
                line: line, column: name, key: ["data", "clean", "missing"],
                "'\(cell.excerpt)' is not a finite number: \(remedy)")
        case .infinite:
            defects.add(line: line, column: name, "'\(cell.excerpt)' is not a finite number")
        case .text:
            if isQuoted, CellValue(cell).isMissingOrNaN { addWord(cell, to: \.quotedWords, line: line) }
            addText(cell, isQuoted: isQuoted, line: line)
        }
    }

    private mutating func checkID(_ number: Float, _ cell: UnsafeRawBufferPointer, line: Int) {
        guard let ids, !ids.contains(number) else { return }
        wrongIDs.add(
            line: line, column: name, key: ids.key(for: number),
            "'\(cell.excerpt)' is no token id: \(ids.expectation)")
    }

    private mutating func addText(_ cell: UnsafeRawBufferPointer, isQuoted: Bool, line: Int) {
        if writtenNumbers == texts, WrittenNumber.isMeant(by: cell.trimmed) {
            if writtenNumbers == 0 { writtenNumber = cell.excerpt }
            writtenNumbers += 1
        }
        if dates == texts, CalendarDate.days(cell.trimmed) != nil {
            if dates == 0 { date = cell.excerpt }
            dates += 1
        }
        texts += 1
        if categories.count <= Self.maximumCategories { categories.insert(CanonicalText.string(cell.trimmed)) }
        if isQuoted, rule.fills, CellValue(cell).isMissingOrNaN {
            quotedMissing += 1
            filled += 1
            return
        }
        let name = name
        textCells.add(
            line: line, column: name,
            key: isQuoted && CellValue(cell).isMissingOrNaN ? ["data", "types", name] : [],
            "'\(cell.excerpt)' is not a number\(Self.hint(for: cell, isQuoted, of: name))")
    }

    private mutating func addWord(
        _ cell: UnsafeRawBufferPointer, to words: WritableKeyPath<Self, [String: Int]>, line: Int
    ) {
        guard !cell.trimmed.isEmpty else { return }
        let word = String(decoding: cell.trimmed, as: UTF8.self)
        if self[keyPath: words][word] == nil { self[keyPath: words][word] = line }
    }

    private mutating func addDate(_ cell: UnsafeRawBufferPointer, line: Int) {
        if let days = CalendarDate.days(cell.trimmed) {
            precision.add(days)
            checkID(Float(days), cell, line: line)
        } else if CellValue(cell).isMissingOrNaN {
            filled += rule.fills ? 1 : 0
            if !rule.fills { defects.add(line: line, column: name, "a date is missing\(Self.written(cell))") }
        } else {
            defects.add(
                line: line, column: name,
                "'\(cell.excerpt)' is not a date such as 2024-12-31 or 2024-12-31T18:30:00Z")
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
        if isNumber || (numbers > 0 && texts - quotedMissing <= numbers) {
            all.add(textCells)
        } else if numbers > 0 {
            all.add(numberCells)
        } else if categories.count > Self.maximumCategories {
            all.add(
                column: name, key: isWrittenNumbers ? [] : ["data", "features"],
                "more than \(Self.maximumCategories) different texts are too many for categories: "
                    + (isWrittenNumbers
                        ? "write its numbers without separators and signs, unlike '\(writtenNumber)'"
                        : areDates
                            ? "its cells are dates, such as '\(date)', so set data.types.\(name) to date"
                            : "leave the column out by naming the columns to use in data.features"))
        }
        if !isNumber, numbers == 0 || !rule.fills {
            for (word, line) in quotedWords.sorted(by: { $0.value < $1.value }) {
                guard let bare = bareWords[word] else { continue }
                all.add(
                    line: line, column: name, key: ["data", "types", name],
                    "'\(word)' stands in quotes here, which makes it a text, but without in line \(bare), where it is a "
                        + "missing value: set data.types.\(name) to category, and it is a text in both")
            }
        }
        return all
    }

    private var isWrittenNumbers: Bool { texts > 0 && numbers == 0 && writtenNumbers == texts }

    private var areDates: Bool { texts > 0 && numbers == 0 && dates == texts }

    /// Holds the same in all of several rows, so that nothing can be learned from it.
    var isConstant: Bool {
        if case .text = content { return false }
        guard cells > 1, filled == 0 else { return false }
        return texts == 0 ? precision.isConstant : numbers == 0 && categories.count == 1
    }

    /// What is odd about the column and does not stop a job.
    var notes: [DataPlan.Note] {
        guard case .any = content else { return [] }
        if areDates {
            return [
                DataPlan.Note(
                    kind: .writtenDates, count: texts,
                    message:
                        "\(texts == 1 ? "cell of column '\(name)' is a date" : "cells of column '\(name)' are dates"), such "
                        + "as '\(date)', taken for the names of \(counted(categories.count, "category", "categories")): set data.types.\(name) to date, or to category"
                )
            ]
        }
        guard isWrittenNumbers else { return [] }
        return [
            DataPlan.Note(
                kind: .writtenNumbers, count: texts,
                message:
                    "\(texts == 1 ? "cell of column '\(name)' is a number" : "cells of column '\(name)' are numbers") with "
                    + "separators or signs, such as '\(writtenNumber)', taken for the names of "
                    + "\(counted(categories.count, "category", "categories")): write plain numbers, or set "
                    + "data.types.\(name) to category")
        ]
    }

    /// What to do about a missing target.
    static func remedy(forTargetWithRuleAt key: [String]) -> String {
        "what is learned is never filled in; set \(key.joined(separator: ".")) to drop, and rows without it are left out"
    }

    /// How a word for a missing value is told to be a text.
    private static func remedy(
        for cell: UnsafeRawBufferPointer, of name: String, fillKey: [String]?
    ) -> String {
        if let fillKey { return written(cell) + ": \(remedy(forTargetWithRuleAt: fillKey))" }
        let advice = "\(written(cell)): \(missingRemedy)"
        guard !cell.trimmed.isEmpty else { return advice }
        return "\(advice); if it is a text, write it in quotes or set data.types.\(name) to category"
    }

    /// What to do about a missing value of which the job says nothing.
    private static let missingRemedy = "data.clean.missing says what to do about it"

    private static func hint(for cell: UnsafeRawBufferPointer, _ isQuoted: Bool, of name: String) -> String {
        if isQuoted, CellValue(cell).isMissingOrNaN {
            return ": in quotes it is a text, without it is a missing value, or set data.types.\(name) to number"
        }
        if CellValue.isLikeMissing(cell) {
            return ": a missing value is written \(CellValue.writtenMissing), or left out"
        }
        return WrittenNumber.isMeant(by: cell.trimmed) ? ": write it in decimal, without separators and signs" : ""
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
