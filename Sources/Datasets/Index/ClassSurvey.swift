import Explanations

/// The different values of the target columns, and each row's.
///
/// Of several columns, which are labels of one sample as those of `predict: each`, the first stands for its row.
struct ClassSurvey {
    /// More different values than any head we build has outputs.
    static let maximumClasses = 10_000

    private let names: [String]
    private let content: TableRequest.Content
    /// Of each column: where the job says what is done about missing values.
    private let ruleKeys: [[String]]
    /// Whether `1` and `01` are two classes.
    let areTexts: Bool
    private var defects = ProblemList()
    /// Values by the order in which they were first seen.
    private var ids: [String: Int32] = [:]
    private var rows: [Int32] = []
    private var overflowed = false
    private(set) var rowsWithoutLabel = 0

    init(names: [String], content: TableRequest.Content, ruleKeys: [[String]]) {
        self.names = names
        self.ruleKeys = ruleKeys
        self.content = content
        areTexts = content.isText
    }

    /// The only column; nil of several, which have their classes in common.
    private var column: String? { names.count == 1 ? names[0] : nil }

    /// Where the job says what the columns hold: as a key, and in words.
    private var typeKey: [String] { ["data", "types"] + [column].compactMap(\.self) }
    var typeSetting: String { column.map { "data.types.\($0)" } ?? "data.types of each target column" }

    /// - Parameter place: of the column among the targets.
    mutating func add(_ cell: UnsafeRawBufferPointer, ofTarget place: Int, isQuoted: Bool = false, line: Int) {
        let id = id(of: cell, target: place, isQuoted: isQuoted, line: line)
        if place == 0 { rows.append(id) }
    }

    /// The number of a cell's value; -1 where it has none.
    private mutating func id(
        of cell: UnsafeRawBufferPointer, target place: Int, isQuoted: Bool, line: Int
    ) -> Int32 {
        let name = names[place]
        switch content.value(of: cell, isQuoted: isQuoted) {
        case .missing:
            let isEmpty = cell.trimmed.isEmpty
            let word =
                isEmpty
                ? ""
                : " ('\(cell.excerpt)'): if it is a class, write it in quotes or set data.types.\(name) to category"
            let remedy = ColumnSurvey.remedy(forTargetWithRuleAt: ruleKeys[place])
            defects.add(
                line: line, column: name, key: isEmpty ? [] : ["data", "types", name],
                "the target is missing\(word)\(isEmpty ? ":" : ";") \(remedy)")
            return -1
        case .notANumber, .infinite:
            defects.add(
                line: line, column: name, key: ["data", "types", name],
                "'\(cell.excerpt)' is not a class: if it is one, write it in quotes or set data.types.\(name) to "
                    + "category")
            return -1
        case .number(ClassNames.noLabel):
            // Behind the last of several labels it is what belongs there.
            if column != nil { rowsWithoutLabel += 1 }
            return -1
        case .number, .text:
            let value = CanonicalText.string(cell.trimmed)
            if let id = ids[value] { return id }
            guard ids.count < Self.maximumClasses else {
                overflowed = true
                return -1
            }
            let id = Int32(ids.count)
            ids[value] = id
            return id
        }
    }

    /// A row whose target cannot be told, because it has too few cells.
    mutating func addUnknown() {
        rows.append(-1)
    }

    var problems: ProblemList {
        var all = defects
        if overflowed {
            all.add(
                column: column, key: ["model", "task"],
                "more than \(Self.maximumClasses) different values are too many for classes: for a target of numbers "
                    + "set model.task to regression")
        }
        if let (a, b) = indistinct {
            all.add(
                column: column, key: typeKey,
                "'\(a)' and '\(b)' are the same as 64-bit floats: set \(typeSetting) to category")
        }
        return all
    }

    /// Spellings of numbers that are one class: as many as there are more of them than classes, and two of the first such
    /// class, behind which the others are counted.
    var respelt: (count: Int, examples: [String]) {
        let merged = spellings.values.filter { $0.count > 1 }.map { $0.sorted(by: ClassNames.utf8Order) }
        guard let first = merged.min(by: { ClassNames.utf8Order($0[0], $1[0]) }) else { return (0, []) }
        let others = merged.count - 1
        return (
            merged.reduce(0) { $0 + $1.count - 1 },
            Array(first.prefix(2)) + (others > 0 ? ["and \(counted(others, "more class", "more classes"))"] : [])
        )
    }

    /// Whole numbers too large for a float to tell them apart.
    private var indistinct: (String, String)? {
        let merged = spellings.filter { $0.value.count > 1 && abs($0.key) >= 0x1p53 }
        for (_, names) in merged.sorted(by: { $0.key < $1.key }) {
            let exact = names.sorted(by: ClassNames.utf8Order).compactMap { name in
                Int128(decimal: name).map { (name: name, value: $0) }
            }
            if let first = exact.first, let other = exact.first(where: { $0.value != first.value }) {
                return (first.name, other.name)
            }
        }
        return nil
    }

    /// The values that are one class each, where all are numbers and no texts.
    private var spellings: [Double: [String]] {
        guard !areTexts else { return [:] }
        var spellings: [Double: [String]] = [:]
        for name in ids.keys {
            var cell = name
            guard let value = cell.withUTF8({ Double(decimal: UnsafeRawBufferPointer($0)) }) else { return [:] }
            spellings[value, default: []].append(name)
        }
        return spellings
    }

    /// The classes in the order of their indices, and each row's index; -1 where it has none.
    func finish() -> (classes: [String], rows: [Int32]) {
        let classes = ClassNames.sorted(ids.keys, areTexts: areTexts)
        let index = ClassIndex(classes, areTexts: areTexts)
        var indices = [Int32](repeating: -1, count: ids.count)
        for (name, id) in ids {
            var name = name
            let place = name.withUTF8 { index.index(of: UnsafeRawBufferPointer($0)) }
            indices[Int(id)] = Int32(place!)
        }
        return (classes, rows.map { $0 < 0 ? -1 : indices[Int($0)] })
    }
}
