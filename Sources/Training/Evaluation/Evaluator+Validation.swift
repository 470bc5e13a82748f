import NeuralNetworks
import Tensors

extension Evaluator {
    /// Whether the split has a validation part.
    var validates: Bool { setup.shards.validationRows > 0 }

    /// What is measured after every epoch.
    private var validationMetrics: [Metric] {
        evaluation.metrics + (setup.specification.stop.target.map { [$0.metric] } ?? [])
    }

    var validationScope: MetricScope { scope(keepsScores: validationMetrics.contains(.auc)) }

    /// Of each of this rank's slices of the validation part, in slice order.
    func validate(_ parameters: FloatBuffer) throws -> [MetricAccumulator] {
        try evaluate(setup.shards.validation, parameters: parameters, scope: validationScope)
    }

    /// The figures of the whole validation part, of what all ranks give for their slices, in rank order. Nil if no row
    /// counts.
    func validation(of slices: [MetricAccumulator]) -> (loss: Double, metrics: [String: Double])? {
        let merged = Self.merged(slices, scope: validationScope)
        guard let loss = merged.loss.mean else { return nil }
        return (loss, validationMetrics.reduce(into: [:]) { $0[$1.rawValue] = merged.value(of: $1) })
    }
}
