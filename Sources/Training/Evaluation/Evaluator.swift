import Collectives
import Datasets
import NeuralNetworks
import Tensors
import Threads

/// Measures parameters on the validation and the test part, each rank on its own slices.
struct Evaluator {
    let evaluation: EvaluateSpecification
    /// What is measured after every epoch.
    let validationMetrics: [Metric]
    let network: Network
    /// What the network's outputs mean, to its loss and to everyone behind.
    let meaning: OutputMeaning
    let group: ProcessGroup
    let shards: TrainingShards
    let team: SliceTeam

    init(
        _ specification: TrainSpecification, _ evaluation: EvaluateSpecification, network: Network, loss: Loss,
        group: ProcessGroup, shards: TrainingShards, team: SliceTeam
    ) {
        self.evaluation = evaluation
        validationMetrics = evaluation.metrics + (specification.stop.target.map { [$0.metric] } ?? [])
        self.network = network
        meaning = loss.name.meaning
        self.group = group
        self.shards = shards
        self.team = team
    }

    /// Of the validation part.
    var validationScope: MetricScope { scope(keepsScores: validationMetrics.contains(.auc)) }

    /// What these parameters give for the validation part of each of this rank's slices; none where there is no such part.
    func validate(_ parameters: FloatBuffer) throws -> [MetricAccumulator] {
        shards.validationRows > 0 ? try evaluate(shards.validation, parameters, validationScope) : []
    }

    /// The test part's metrics under these parameters, merged over all ranks in slice order.
    /// - Parameter epoch: which gave the parameters, for errors.
    /// - Throws: `TrainingError.noResult` if the loss is no finite number: what gives such is no model.
    func test(_ parameters: FloatBuffer, ofEpoch epoch: Int) throws -> MetricAccumulator {
        let scope = scope(keepsScores: true)
        let own = try evaluate(shards.test, parameters, scope).flatMap(\.values)
        let all = try group.allGather(values: own, named: "evaluation").flatMap { values in
            try MetricAccumulator.all(scope, from: values[...])
        }
        let metrics = MetricAccumulator.merged(all, scope: scope)
        if let loss = metrics.loss.mean, !loss.isFinite {
            throw TrainingError.noResult(
                "the loss on the test part is \(loss) under the parameters of epoch \(epoch), the best")
        }
        return metrics
    }

    private func scope(keepsScores: Bool) -> MetricScope {
        MetricScope(
            meaning: meaning, outputs: network.specification.outputs, topK: evaluation.topK, keepsScores: keepsScores)
    }

    private func evaluate(
        _ slices: [Samples], _ parameters: FloatBuffer, _ scope: MetricScope
    ) throws -> [MetricAccumulator] {
        try team.threads.map(slices.count) { [self] index, member in
            var metrics = MetricAccumulator(scope)
            predict(slices[index], on: team.executors[member].executor, parameters) { batch in
                metrics.add(
                    outputs: batch.outputs, targets: batch.targets, rows: batch.rows * network.outputPositions,
                    loss: batch.loss)
            }
            return metrics
        }
    }

    /// Some rows of a shard and what was predicted for them.
    struct PredictedBatch {
        /// Of the shard's rows.
        var firstRow: Int
        var rows: Int
        var outputs: UnsafeMutablePointer<Float>
        var targets: UnsafePointer<Float>
        var loss: LossSum
    }

    /// Gives what these parameters predict for samples, as many rows at once as there is room for.
    func predict(
        _ samples: Samples, on executor: TrainingExecutor, _ parameters: FloatBuffer,
        _ take: (PredictedBatch) -> Void
    ) {
        let outputs = FloatBuffer(count: executor.maximumRows * network.outputCount)
        samples.features.withUnsafeBufferPointer { features in
            samples.targets.withUnsafeBufferPointer { targets in
                for first in stride(from: 0, to: samples.rows, by: executor.maximumRows) {
                    let rows = min(executor.maximumRows, samples.rows - first)
                    let labels = targets.baseAddress! + first * samples.targetCount
                    let loss = executor.evaluate(
                        inputs: features.baseAddress! + first * samples.featureCount, targets: labels, rows: rows,
                        parameters: parameters.pointer, outputs: outputs.pointer)
                    makePredictions(of: outputs, rows: rows)
                    take(
                        PredictedBatch(
                            firstRow: first, rows: rows, outputs: outputs.pointer, targets: labels, loss: loss))
                }
            }
        }
    }

    /// Figures of numbers are taken of what is predicted, which the outputs may only stand for.
    private func makePredictions(of outputs: FloatBuffer, rows: Int) {
        guard meaning.task == .regression else { return }
        meaning.read(
            outputs.pointer, rows: rows * network.outputPositions, columns: network.specification.outputs,
            into: outputs.pointer)
    }
}

extension MetricAccumulator {
    /// In the order of the slices, which is the same for any number of workers.
    static func merged(_ slices: [MetricAccumulator], scope: MetricScope) -> MetricAccumulator {
        slices.reduce(into: MetricAccumulator(scope)) { $0.merge($1) }
    }
}
