/// Checks targets that a divergence is learned of: the shares of one whole.
///
/// A table may write them with two decimals, so that thirds add up to 0.99; what is further from 1 was never shares.
struct DistributionSurvey {
    static let tolerance = 0.01
    /// What is said of targets that are no shares, besides which.
    private static let expectation =
        "train.loss kl_divergence learns shares, each 0 or more and together 1: give such, or choose another loss"

    /// Numbers of one whole; nil: nothing is checked.
    private let outputs: Int?
    private(set) var problems = ProblemList()

    init(_ target: TargetRequirement) {
        if case .distributions(_, let outputs) = target { self.outputs = outputs } else { outputs = nil }
    }

    var isNeeded: Bool { outputs != nil }

    /// - Parameters:
    ///   - targets: of one row, all of them finite.
    ///   - line: where it stands in a file of lines; nil where `place` says it, in front of the message.
    mutating func add(_ targets: some RandomAccessCollection<Double>, line: Int? = nil, place: String = "") {
        guard let outputs, outputs > 0, targets.count.isMultiple(of: outputs) else { return }
        var rest = targets[...]
        while !rest.isEmpty {
            let whole = rest.prefix(outputs)
            rest = rest.dropFirst(outputs)
            let sum = whole.reduce(0, +)
            // Rounded, so that 0.33 + 0.33 + 0.33 is near enough.
            let isWhole = (abs(sum - 1) * 1e6).rounded() / 1e6 <= Self.tolerance
            if isWhole, whole.allSatisfy({ $0 >= 0 }) { continue }
            let shown = whole.prefix(6).map { "\(Float($0))" }.joined(separator: ", ")
            let values = "\(shown)\(whole.count > 6 ? ", …" : "")"
            let what = whole.allSatisfy { $0 >= 0 } ? "add up to \(Float(sum))" : "are not all 0 or more"
            problems.add(line: line, "\(place)the targets \(values) \(what): \(Self.expectation)")
            return
        }
    }
}
