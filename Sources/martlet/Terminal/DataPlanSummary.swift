import Datasets
import Digests
import Explanations

/// What became of the data of a job.
struct DataPlanSummary: Encodable, Equatable {
    var rows: Int
    /// Rows of a window, where samples are windows of a series; nil: they are rows, or windows of a text.
    var window: Int?
    var digest: String
    var trainingRows: Int
    var validationRows: Int
    var testRows: Int
    /// Numbers that the network gets for a sample.
    var inputs: Int
    /// Numbers that it learns of a sample.
    var targets: Int
    /// Empty unless classes are learned.
    var classes: [String]
    /// Different token ids; nil unless text is learned from.
    var vocabulary: Int?
    /// What was done to the data, or seems odd.
    var notes: [DataPlan.Note]

    init(_ plan: DataPlan) {
        rows = plan.rows
        if case .rows(let window) = plan.preprocessing.form, window > 1 { self.window = window }
        digest = plan.digest.description
        trainingRows = plan.trainingRows
        validationRows = plan.validationRows
        testRows = plan.testRows
        inputs = plan.preprocessing.featureCount
        targets = plan.preprocessing.targetCount
        if case .classes(let names) = plan.preprocessing.target.kind { classes = names } else { classes = [] }
        if case .text(let text) = plan.preprocessing.form { vocabulary = text.vocabulary }
        notes = plan.notes ?? []
    }

    private func samples(_ count: Int) -> String {
        window.map { "\(counted(count, "window")) of \($0) rows" } ?? "\(count)"
    }

    func lines() -> [String] {
        var lines = [
            "rows        \(rows), SHA-256 \(digest.prefix(12))",
            "training    \(samples(trainingRows))",
        ]
        if validationRows > 0 { lines.append("validation  \(samples(validationRows))") }
        lines += [
            "test        \(samples(testRows))", "inputs      \(inputs)\(vocabulary.map { ", ids below \($0)" } ?? "")",
            "targets     \(targets)\(classes.isEmpty ? "" : " of \(counted(classes.count, "class", "classes"))")",
        ]
        lines += notes.map { "note        \($0)" }
        return lines
    }
}
