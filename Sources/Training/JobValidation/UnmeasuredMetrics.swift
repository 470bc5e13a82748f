package import Datasets
import NeuralNetworks

/// The metrics that a job asks for and that its data cannot give. They would only be missing where others are shown, and
/// a target on one would wait for ever.
extension JobSpecification {
    /// What the data plan tells before the job runs: the key that asks for a metric, and why it gets none.
    package func unmeasured(on plan: DataPlan) -> [(key: String, message: String)] {
        let validation = Part(name: "validation", rows: plan.validationRows, classes: plan.validationClasses)
        let test = Part(name: "test", rows: plan.testRows, classes: plan.testClasses)
        var findings: [(key: String, message: String)] = []
        if let metric = train.stop.target?.metric, let reason = reason(metric, on: validation, of: plan) {
            findings.append(
                (
                    "train.stop.target",
                    "\(metric.rawValue) cannot be measured on the validation part, so the target is never met: \(reason)"
                ))
        }
        for metric in evaluate.metrics {
            let reasons = [validation, test].compactMap { part in
                reason(metric, on: part, of: plan).map { "on the \(part.name) part: \($0)" }
            }
            guard !reasons.isEmpty else { continue }
            // Bounds are held against the test part.
            let bounds = evaluate.gate.contains { $0.metric == metric } && reason(metric, on: test, of: plan) != nil
            let key = bounds ? "evaluate.gate" : "evaluate.metrics"
            findings.append((key, "\(metric.rawValue) cannot be measured \(reasons.joined(separator: "; "))"))
        }
        return findings
    }

    /// What only the figures of the finished job tell.
    ///
    /// - Parameters:
    ///   - figures: on the test part, by name.
    ///   - warnings: that were given, some of them about metrics.
    package func unmeasured(in figures: [String: Double], foretold warnings: [String]) -> [String] {
        evaluate.metrics.compactMap { metric in
            guard figures[metric.rawValue] == nil,
                !warnings.contains(where: { $0.contains(": \(metric.rawValue) cannot be measured ") })
            else { return nil }
            let needs =
                metric == .auc
                ? "rows of two classes, outputs that are numbers, and at most \(MetricScope.scoreLimit) of them"
                : metric == .r2 ? "two rows" : "a row with a target"
            return "evaluate.metrics: \(metric.rawValue) could not be measured on the test part, as it takes \(needs)"
        }
    }

    private struct Part {
        var name: String
        var rows: Int
        /// Different classes among its rows; nil where samples have no class of their own.
        var classes: Int?
    }

    /// Why a metric cannot be measured; nil where it can, as far as the plan tells.
    private func reason(_ metric: Metric, on part: Part, of plan: DataPlan) -> String? {
        guard part.rows > 0 else { return nil }
        if part.classes == 0 { return "none of its rows has a label" }
        switch metric {
        case .r2 where part.rows == 1: return "it has one row, and two are the least"
        case .auc where part.classes == 1: return "all of its rows are of one class, and two are the least"
        case .auc where part.classes != nil && part.rows * model.outputs > MetricScope.scoreLimit:
            return
                "it has \(part.rows) rows with \(model.outputs) outputs, and \(MetricScope.scoreLimit) outputs are the most"
        default: return nil
        }
    }
}
