import Collectives
import CollectivesTestKit
import Datasets
import NeuralNetworks
import Tensors

@testable import Training

/// Three clouds of points, one per class, cut into shards as a plan would.
struct Problem: Sendable {
    var rows = 157
    var slices = 4
    var specification = TrainSpecification(
        optimizer: OptimizerSpecification(name: .adam, learningRate: 0.01), batchSize: 32, epochs: 6, seed: 11,
        slices: 4)
    var evaluation = EvaluateSpecification(metrics: [.accuracy, .f1, .auc, .logLoss], topK: 2)
    var model = ModelSpecification(
        family: .mlp, task: .classification, input: [5], outputs: 3,
        layers: [.linear(outputs: 17, bias: true), .relu, .dropout(probability: 0.1)])
    /// Labels of a row: one, or one for each position of a sequence.
    var positions = 1
    var precision = Precision.f32
    /// Of each rank.
    var threads = 1
    /// Rows from this one on have a feature that is not finite.
    var brokenRow: Int?

    struct End: Sendable {
        var state: TrainingState
        var metrics: MetricAccumulator
        var stopped: String
    }

    func samples(_ rows: Range<Int>) -> Samples {
        var features: [Float] = []
        var targets: [Float] = []
        for row in rows {
            for position in 0..<positions {
                let label = (row + position) % 3
                for column in 0..<5 {
                    let noise = Float((row * 7919 + column * 104_729 + position * 31) % 1000) / 1000 - 0.5
                    features.append((column == label ? 1.5 : 0) + noise)
                }
                let isMissing = positions > 1 && (row + 2 * position) % 5 == 0
                targets.append(isMissing ? -1 : Float(label))
            }
            if let brokenRow, row >= brokenRow { features[features.count - 1] = .infinity }
        }
        return Samples(
            rows: rows.count, featureCount: 5 * positions, features: features, targetCount: positions,
            targets: targets)
    }

    /// The shards of a rank's slices: consecutive rows here, where a plan would have permuted them.
    func shards(of group: ProcessGroup) -> TrainingShards {
        let batches = UpdatePlan(specification, rows: rows).batches
        var first = 0
        var training: [Samples] = []
        for slice in 0..<slices {
            let count = batches.shardRows(ofSlice: slice)
            if group.mine.contains(slice) { training.append(samples(first..<first + count)) }
            first += count
        }
        let test = group.mine.map { slice in
            var sound = self
            sound.brokenRow = nil
            return sound.samples(rows + 10 * slice..<rows + 10 * slice + 10)
        }
        return TrainingShards(
            training: training, validation: test, test: test, trainingRows: rows, validationRows: 10 * slices)
    }

    func makeRun(_ group: ProcessGroup, resume: TrainingState? = nil) throws -> TrainingRun {
        try TrainingRun(
            specification: specification, evaluation: evaluation, network: try Network(model),
            loss: specification.loss ?? Loss(for: model.task), group: group, shards: shards(of: group),
            precision: precision, threads: threads, resume: resume)
    }

    func run(
        _ group: ProcessGroup, resume: TrainingState? = nil, observer: any TrainingObserver = Silent()
    ) throws -> End {
        let run = try makeRun(group, resume: resume)
        let outcome = try run.run(observer: observer)
        return End(
            state: outcome.state, metrics: try run.evaluateTest(outcome.state.best), stopped: outcome.stopped)
    }

    /// What rank 0 of so many gives, with the checkpoints that it took.
    func end(
        ranks: Int, hosts: Int = 1, sharesMemory: Bool = true, resume: TrainingState? = nil
    ) async throws -> (end: End, checkpoints: [TrainingState]) {
        var tuning = Tuning()
        tuning.sharesMemory = sharesMemory
        let ensemble = Ensemble(ranks: ranks, slices: slices, tuning: tuning, seed: UInt64(ranks), hosts: hosts)
        return try await ensemble.run { group in
            let observer = Keeping()
            let end = try run(group, resume: resume?.copy(), observer: observer)
            return (end, observer.checkpoints)
        }[0].get()
    }
}

class Silent: TrainingObserver {
    func stepped(_ progress: StepProgress) {}
    func isReadyForCheckpoint() -> Bool { true }
    func checkpoint(_ state: TrainingState) {}
}

final class Keeping: Silent {
    var checkpoints: [TrainingState] = []
    override func checkpoint(_ state: TrainingState) { checkpoints.append(state) }
}

func bits(_ buffer: FloatBuffer) -> [UInt32] {
    (0..<buffer.count).map { buffer.pointer[$0].bitPattern }
}

/// What of a run's curve does not depend on the clock.
func losses(_ state: TrainingState) -> [EpochRecord] {
    state.curve.map { record in
        var record = record
        record.seconds = 0
        record.elapsed = nil
        record.times = nil
        return record
    }
}
