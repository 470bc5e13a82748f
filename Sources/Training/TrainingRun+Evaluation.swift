import Collectives
import Datasets
package import NeuralNetworks
package import Tensors
import Threads

extension TrainingRun {
    /// The test part's metrics under these parameters, merged over all ranks in slice order.
    /// - Throws: `TrainingError.noResult` if the loss is no finite number: what gives such is no model.
    package func evaluateTest(_ parameters: FloatBuffer) throws -> MetricAccumulator {
        let scope = scope(keepsScores: true)
        let own = try evaluate(shards.test, parameters: parameters, scope: scope).flatMap(\.values)
        let all = try group.allGather(own.encoded(), named: "evaluation").flatMap { bytes in
            guard let values = [Double](decoding: bytes) else {
                throw TrainingError.ranksDisagree(what: "the form of the evaluation")
            }
            return try MetricAccumulator.all(scope, from: values[...])
        }
        let metrics = Self.merged(all, scope: scope)
        if let loss = metrics.loss.mean, !loss.isFinite {
            throw TrainingError.noResult(
                "the loss on the test part is \(loss) under the parameters of epoch \(state.progress.bestEpoch), the best"
            )
        }
        return metrics
    }

    /// What is measured after every epoch.
    var validationMetrics: [Metric] {
        evaluation.metrics + (specification.stop.target.map { [$0.metric] } ?? [])
    }

    var validationScope: MetricScope { scope(keepsScores: validationMetrics.contains(.auc)) }

    private func scope(keepsScores: Bool) -> MetricScope {
        MetricScope(
            meaning: meaning, outputs: network.specification.outputs, topK: evaluation.topK, keepsScores: keepsScores)
    }

    /// What the network's outputs mean, to its loss and to everyone behind.
    var meaning: OutputMeaning { loss.name.meaning }

    /// Figures of numbers are taken of what is predicted, which the outputs may only stand for.
    func makePredictions(of outputs: FloatBuffer, rows: Int) {
        guard meaning.task == .regression else { return }
        meaning.read(
            outputs.pointer, rows: rows * network.outputPositions, columns: network.specification.outputs,
            into: outputs.pointer)
    }

    /// In the order of the slices, which is the same for any number of workers.
    static func merged(_ slices: [MetricAccumulator], scope: MetricScope) -> MetricAccumulator {
        slices.reduce(into: MetricAccumulator(scope)) { $0.merge($1) }
    }

    /// What these parameters give for the samples of each slice, in evaluation mode.
    func evaluate(
        _ slices: [Samples], parameters: FloatBuffer, scope: MetricScope
    ) throws -> [MetricAccumulator] {
        try team.map(slices.count) { [self] index, member in
            evaluate(slices[index], on: members[member].executor, parameters: parameters, scope: scope)
        }
    }

    private func evaluate(
        _ samples: Samples, on executor: TrainingExecutor, parameters: FloatBuffer, scope: MetricScope
    ) -> MetricAccumulator {
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
                    makePredictions(of: outputs, rows: rows)
                    metrics.add(
                        outputs: outputs.pointer, targets: labels, rows: rows * network.outputPositions, loss: loss)
                }
            }
        }
        return metrics
    }
}
