import Explanations

/// The texts of a category column that the training part holds, and those that only other parts hold.
struct CategoryFit {
    private let rule: Cleaning.Missing
    private var training: [String: Int] = [:]
    /// Where a text was first seen outside of the training part, and how often.
    private var elsewhere: [String: (line: Int, rows: Int)] = [:]

    init(rule: Cleaning.Missing) {
        self.rule = rule
        if case .constant(let text) = rule { training[Self.composed(text)] = 0 }
    }

    mutating func add(_ text: String, isTraining: Bool, line: Int) {
        if isTraining {
            training[text, default: 0] += 1
        } else {
            elsewhere[text, default: (line, 0)].rows += 1
        }
    }

    /// Ascending by UTF-8 bytes.
    var values: [String] { training.keys.sorted(by: ClassNames.utf8Order) }

    /// The index of the value that stands for a missing one; nil where a missing one is an error.
    var fill: Double? {
        let text: String?
        switch rule {
        case .error, .drop: return nil
        case .constant(let constant): text = Self.composed(constant)
        case .mean, .median, .mostFrequent:
            text =
                training.min { a, b in a.value == b.value ? ClassNames.utf8Order(a.key, b.key) : a.value > b.value }?
                .key
        }
        return text.flatMap { text in values.firstIndex { $0.utf8.elementsEqual(text.utf8) } }.map(Double.init)
    }

    private static func composed(_ text: String) -> String {
        var text = text
        return text.withUTF8 { CanonicalText.string(UnsafeRawBufferPointer($0)) }
    }

    /// Texts are numbers but for how they are written, in all parts.
    private var holdsWrittenNumbers: Bool {
        training.allSatisfy { $0.value == 0 || WrittenNumber.isMeant(by: $0.key) }
            && elsewhere.keys.allSatisfy { WrittenNumber.isMeant(by: $0) }
    }

    /// Nearly every row has a text of its own, so that no seed brings all texts into the training part.
    private var namesItsRows: Bool {
        let rows = training.values.reduce(0, +) + elsewhere.values.reduce(0) { $0 + $1.rows }
        let texts = training.values.count { $0 > 0 } + elsewhere.keys.count { training[$0] == nil }
        return rows >= Self.fewRows && texts * 10 >= rows * 9
    }

    /// Of fewer rows nothing can be told from how many texts they have.
    private static let fewRows = 30

    /// Texts that only other parts than the training part hold, and missing values that nothing stands for.
    ///
    /// - Parameters:
    ///   - cleaningKey: where the job says what stands for them.
    ///   - isDeclared: the job says that they are texts.
    func problems(column: String, cleaningKey: [String], isDeclared: Bool) -> ProblemList {
        var problems = ProblemList()
        if rule.fills, training.isEmpty {
            problems.add(column: column, key: cleaningKey, FeatureFit.nothingToLearn)
            return problems
        }
        let strangers = elsewhere.filter { training[$0.key] == nil }
        if let first = strangers.values.map(\.line).min(), strangers.keys.allSatisfy(CalendarDate.isMeant) {
            problems.add(
                line: first, column: column, key: ["data", "types", column],
                "\(strangers.count) of its dates \(strangers.count == 1 ? "occurs" : "occur") in the validation or test part but in no training row, and each "
                    + "is taken for a category of its own: set data.types.\(column) to date")
            return problems
        }
        if !isDeclared, let first = strangers.min(by: { $0.value.line < $1.value.line }), holdsWrittenNumbers {
            problems.add(
                line: first.value.line, column: column,
                "the column holds numbers written as '\(first.key.shortened(toBytes: 60))', which are read as texts, each a "
                    + "category of its own: write them without separators and signs")
            return problems
        }
        if let first = strangers.values.map(\.line).min(), namesItsRows {
            problems.add(
                line: first, column: column, key: ["data", "features"],
                "\(counted(strangers.count, "text")) of the validation or test part \(strangers.count == 1 ? "is" : "are") in no "
                    + "training row, as nearly every row has a text of its own, which is a name of it (an id) and nothing to "
                    + "learn from: leave the column out by naming the columns to use in data.features")
            return problems
        }
        for (text, place) in strangers.sorted(by: { $0.value.line < $1.value.line }) {
            let rows = counted(place.rows, "row")
            problems.add(
                line: place.line, column: column, key: ["train", "seed"],
                "'\(text.shortened(toBytes: 60))' occurs in \(rows) of the validation or test part but in no training row, so nothing can be "
                    + "learned of it: try another train.seed, or leave the column out of data.features")
        }
        return problems
    }
}
