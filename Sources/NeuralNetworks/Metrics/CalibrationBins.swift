/// Rows by the probability that was given to the class that was predicted: bin b holds those in (b, b + 1] / 15.
struct CalibrationBins: Sendable, Equatable {
    static let count = 15

    private var rows = [Int](repeating: 0, count: count)
    private var right = [Int](repeating: 0, count: count)
    private var confidence = [Double](repeating: 0, count: count)
    /// Sum of -log of the labels' probabilities.
    private(set) var negativeLogarithms = 0.0

    mutating func add(_ judgement: ClassJudgement, isRight: Bool) {
        negativeLogarithms += judgement.negativeLogarithm
        // What is not a number is in no bin.
        guard judgement.confidence.isFinite else { return }
        // Outputs that are taken for probabilities may be any numbers.
        let probability = min(max(judgement.confidence, 0), 1)
        let bin = max(Int((probability * Double(Self.count)).rounded(.up)) - 1, 0)
        rows[bin] += 1
        right[bin] += isRight ? 1 : 0
        confidence[bin] += judgement.confidence
    }

    mutating func merge(_ other: CalibrationBins) {
        negativeLogarithms += other.negativeLogarithms
        for bin in 0..<Self.count {
            rows[bin] += other.rows[bin]
            right[bin] += other.right[bin]
            confidence[bin] += other.confidence[bin]
        }
    }

    /// Sum over the bins of |right - confidence|, by the number of rows.
    func error(rows total: Int) -> Double {
        (0..<Self.count).reduce(0) { $0 + abs(Double(right[$1]) - confidence[$1]) } / Double(total)
    }

    var values: [Double] {
        [negativeLogarithms] + rows.map(Double.init) + right.map(Double.init) + confidence
    }

    mutating func take(_ reader: inout ValueReader) {
        negativeLogarithms = reader.next()
        rows = reader.integers(Self.count)
        right = reader.integers(Self.count)
        confidence = reader.take(Self.count)
    }
}
