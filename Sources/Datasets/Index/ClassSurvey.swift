/// The different values of a target column, and each row's.
struct ClassSurvey {
    /// More different values than any head we build has outputs.
    static let maximumClasses = 10_000

    let name: String
    private let content: TableRequest.Content
    private var defects = ProblemList()
    /// Values by the order in which they were first seen.
    private var ids: [String: Int32] = [:]
    private var rows: [Int32] = []
    private var overflowed = false
    private(set) var rowsWithoutLabel = 0

    init(name: String, content: TableRequest.Content = .any) {
        self.name = name
        self.content = content
    }

    mutating func add(_ cell: UnsafeRawBufferPointer, isQuoted: Bool = false, line: Int) {
        switch content.value(of: cell, isQuoted: isQuoted) {
        case .missing:
            let remedy =
                cell.trimmed.isEmpty
                ? ""
                : " ('\(cell.excerpt)'): if it is a class, write it in quotes or set data.types.\(name) to category"
            defects.add(
                line: line, column: name, key: cell.trimmed.isEmpty ? [] : ["data", "types", name],
                "the target is missing\(remedy)")
            rows.append(-1)
        case .notANumber, .infinite:
            defects.add(
                line: line, column: name, key: ["data", "types", name],
                "'\(cell.excerpt)' is not a class: if it is one, write it in quotes or set data.types.\(name) to "
                    + "category")
            rows.append(-1)
        case .number(ClassNames.noLabel):
            rowsWithoutLabel += 1
            rows.append(-1)
        case .number, .text:
            let value = CanonicalText.string(cell.trimmed)
            if let id = ids[value] {
                rows.append(id)
            } else if ids.count < Self.maximumClasses {
                ids[value] = Int32(ids.count)
                rows.append(Int32(ids.count - 1))
            } else {
                overflowed = true
                rows.append(-1)
            }
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
                column: name, key: ["model", "task"],
                "more than \(Self.maximumClasses) different values are too many for classes: for a target of numbers "
                    + "set model.task to regression")
        }
        return all
    }

    /// The classes in the order of their indices, and each row's index; -1 where it has none.
    func finish() -> (classes: [String], rows: [Int32]) {
        let classes = ClassNames.sorted(ids.keys)
        let index = ClassIndex(classes)
        var indices = [Int32](repeating: -1, count: ids.count)
        for (name, id) in ids {
            var name = name
            let place = name.withUTF8 { index.index(of: UnsafeRawBufferPointer($0)) }
            indices[Int(id)] = Int32(place!)
        }
        return (classes, rows.map { $0 < 0 ? -1 : indices[Int($0)] })
    }
}
