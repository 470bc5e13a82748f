import Collectives
import Datasets
package import NeuralNetworks
package import Tensors

extension TrainingRun {
    /// The test part's metrics under these parameters, merged over all ranks in slice order.
    package func evaluateTest(_ parameters: FloatBuffer) throws -> MetricAccumulator {
        let scope = scope(keepsScores: true)
        let own = shards.test.flatMap { evaluate($0, parameters: parameters, scope: scope).values }
        let all = try group.allGather(own.encoded(), named: "evaluation").flatMap { bytes in
            guard let values = [Double](decoding: bytes) else {
                throw TrainingError.ranksDisagree(what: "the form of the evaluation")
            }
            return try MetricAccumulator.all(scope, from: values[...])
        }
        return Self.merged(all, scope: scope)
    }

    /// What is measured after every epoch.
    var validationMetrics: [Metric] {
        evaluation.metrics + (specification.stop.target.map { [$0.metric] } ?? [])
    }

    var validationScope: MetricScope { scope(keepsScores: validationMetrics.contains(.auc)) }

    private func scope(keepsScores: Bool) -> MetricScope {
        MetricScope(
            task: network.specification.task, outputs: network.specification.outputs,
            areProbabilities: loss.name.readsProbabilities, topK: evaluation.topK, keepsScores: keepsScores)
    }

    /// In the order of the slices, which is the same for any number of workers.
    static func merged(_ slices: [MetricAccumulator], scope: MetricScope) -> MetricAccumulator {
        slices.reduce(into: MetricAccumulator(scope)) { $0.merge($1) }
    }

    /// What these parameters give for some samples, in evaluation mode.
    func evaluate(_ samples: Samples, parameters: FloatBuffer, scope: MetricScope) -> MetricAccumulator {
        var metrics = MetricAccumulator(scope)
        let outputs = FloatBuffer(count: plan.maximumRows * network.outputCount)
        samples.features.withUnsafeBufferPointer { features in
            samples.targets.withUnsafeBufferPointer { targets in
                for first in stride(from: 0, to: samples.rows, by: plan.maximumRows) {
                    let rows = min(plan.maximumRows, samples.rows - first)
                    let labels = targets.baseAddress! + first * samples.targetCount
                    let loss = executor.evaluate(
                        inputs: features.baseAddress! + first * samples.featureCount, targets: labels, rows: rows,
                        parameters: parameters.pointer, outputs: outputs.pointer)
                    metrics.add(
                        outputs: outputs.pointer, targets: labels, rows: rows * network.outputPositions, loss: loss)
                }
            }
        }
        return metrics
    }
}
