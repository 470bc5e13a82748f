import ClusterProtocol
import Foundation
import NeuralNetworks
package import Training

extension ModelStatus.GateResult {
    /// Holds the figures of a result against the bounds of its job. A figure that was not measured, or is not a number,
    /// meets no bound.
    package init(of metrics: [String: Double], gate: [EvaluateSpecification.Bound]) {
        var passed = true
        let figures = gate.map { bound in
            let demand = "must be \(bound.comparison.rawValue) \(bound.value)"
            guard let figure = metrics[bound.metric.rawValue] else {
                passed = false
                return "\(bound.metric.rawValue) was not measured, \(demand): failed"
            }
            let holds = bound.holds(for: figure)
            passed = passed && holds
            let rounded = String(format: "%.6g", figure)
            return "\(bound.metric.rawValue) is \(rounded), \(demand): \(holds ? "passed" : "failed")"
        }
        self.init(passed: passed, figures: figures)
    }
}
