import Foundation

/// The score of every row for every class, from which the areas under the curves follow exactly. What is computed from
/// it does not depend on the order of the rows.
struct ScoreList: Sendable, Equatable {
    /// Scores of a row: 1 for two classes, otherwise one for each.
    let columns: Int
    private var scores: [Double] = []
    private var labels: [Int] = []

    init(columns: Int) {
        self.columns = columns
    }

    var count: Int { scores.count }

    /// Adds a row; a single score is as good as the probability that grows with it.
    mutating func add(_ values: UnsafePointer<Float>, label: Int, _ judgement: ClassJudgement) {
        labels.append(label)
        for column in 0..<columns {
            let value = Double(values[column])
            scores.append(judgement.offset.map { exp(value - $0) } ?? value)
        }
    }

    mutating func merge(_ other: ScoreList) {
        scores += other.scores
        labels += other.labels
    }

    /// For two classes that of the second, for more the mean over the classes that have rows and that others have rows
    /// besides; nil if there is none, or if a score is not a number.
    var areaUnderCurve: Double? {
        guard scores.allSatisfy({ !$0.isNaN }) else { return nil }
        let areas = (0..<columns).compactMap { column in
            area(of: columns == 1 ? 1 : column, column: column)
        }
        return areas.isEmpty ? nil : areas.reduce(0, +) / Double(areas.count)
    }

    /// The share of pairs of a row of the class and another one in which the former scores higher; equals count half.
    private func area(of label: Int, column: Int) -> Double? {
        let order = labels.indices.sorted { score($0, column) < score($1, column) }
        // Twice the number of pairs, so that halves are integers.
        var won = 0
        var (positives, negatives) = (0, 0)
        var first = 0
        while first < order.count {
            var end = first
            var equals = (positive: 0, negative: 0)
            while end < order.count, score(order[end], column) == score(order[first], column) {
                if labels[order[end]] == label { equals.positive += 1 } else { equals.negative += 1 }
                end += 1
            }
            won += equals.positive * (2 * negatives + equals.negative)
            positives += equals.positive
            negatives += equals.negative
            first = end
        }
        guard positives > 0, negatives > 0 else { return nil }
        return Double(won) / (2 * Double(positives) * Double(negatives))
    }

    private func score(_ row: Int, _ column: Int) -> Double { scores[row * columns + column] }

    var values: [Double] { [Double(labels.count)] + labels.map(Double.init) + scores }

    mutating func take(_ reader: inout ValueReader) {
        let rows = reader.integer()
        labels = reader.integers(rows)
        scores = reader.take(rows.multipliedReportingOverflow(by: columns).partialValue)
    }
}
