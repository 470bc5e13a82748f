import Collectives
import Datasets
import NeuralNetworks
import Tensors
import Threads

/// What parameters are worth: the metrics of the validation part after every epoch, and of the test part at the end.
///
/// Every slice is evaluated on its own, on the threads that train, and the slices are merged in their order, which is
/// the same for any number of workers.
struct Evaluator {
    let setup: TrainingSetup
    let evaluation: EvaluateSpecification
    let team: SliceTeam

    init(_ setup: TrainingSetup, _ evaluation: EvaluateSpecification, team: SliceTeam) {
        self.setup = setup
        self.evaluation = evaluation
        self.team = team
    }

    var network: Network { setup.network }

    /// What the network's outputs mean, to its loss and to everyone behind.
    var meaning: OutputMeaning { setup.loss.name.meaning }

    /// - Parameter keepsScores: whether every score is kept, as some metrics need.
    func scope(keepsScores: Bool) -> MetricScope {
        MetricScope(
            meaning: meaning, outputs: network.specification.outputs, topK: evaluation.topK, keepsScores: keepsScores)
    }

    static func merged(_ slices: [MetricAccumulator], scope: MetricScope) -> MetricAccumulator {
        slices.reduce(into: MetricAccumulator(scope)) { $0.merge($1) }
    }

    /// What these parameters give for the samples of each slice, in evaluation mode.
    func evaluate(
        _ slices: [Samples], parameters: FloatBuffer, scope: MetricScope
    ) throws -> [MetricAccumulator] {
        try team.threads.map(slices.count) { index, member in
            evaluate(slices[index], on: team.executors[member].executor, parameters: parameters, scope: scope)
        }
    }

    private func evaluate(
        _ samples: Samples, on executor: TrainingExecutor, parameters: FloatBuffer, scope: MetricScope
    ) -> MetricAccumulator {
        var metrics = MetricAccumulator(scope)
        let maximumRows = setup.plan.maximumRows
        let outputs = FloatBuffer(count: maximumRows * network.outputCount)
        samples.features.withUnsafeBufferPointer { features in
            samples.targets.withUnsafeBufferPointer { targets in
                for first in stride(from: 0, to: samples.rows, by: maximumRows) {
                    let rows = min(maximumRows, samples.rows - first)
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

    /// Figures of numbers are taken of what is predicted, which the outputs may only stand for.
    func makePredictions(of outputs: FloatBuffer, rows: Int) {
        guard meaning.task == .regression else { return }
        meaning.read(
            outputs.pointer, rows: rows * network.outputPositions, columns: network.specification.outputs,
            into: outputs.pointer)
    }
}
