import Collectives
import CollectivesTestKit
import Datasets
import Foundation
import NeuralNetworks
import Synchronization
import Tensors
import Testing

@testable import Training

@Suite struct TrainingRunTests {
    /// Three clouds of points, one per class, cut into shards as a plan would.
    struct Problem: Sendable {
        var rows = 157
        var slices = 4
        var specification = TrainSpecification(
            optimizer: OptimizerSpecification(name: .adam, learningRate: 0.01), batchSize: 32, epochs: 6, seed: 11,
            slices: 4)
        var model = ModelSpecification(
            family: .mlp, task: .classification, input: [5], outputs: 3,
            layers: [.linear(outputs: 17, bias: true), .relu, .dropout(probability: 0.1)])

        func samples(_ rows: Range<Int>) -> Samples {
            var features: [Float] = []
            var targets: [Float] = []
            for row in rows {
                let label = row % 3
                for column in 0..<5 {
                    let noise = Float((row * 7919 + column * 104_729) % 1000) / 1000 - 0.5
                    features.append((column == label ? 1.5 : 0) + noise)
                }
                targets.append(Float(label))
            }
            return Samples(rows: rows.count, featureCount: 5, features: features, targets: targets)
        }

        /// The shards of a rank's slices: consecutive rows here, where a plan would have permuted them.
        func shards(of group: ProcessGroup) -> TrainingRun.Shards {
            let batches = BatchSlices(batchSize: specification.batchSize, slices: slices, rows: rows)
            var first = 0
            var training: [Samples] = []
            for slice in 0..<slices {
                let count = batches.shardRows(ofSlice: slice)
                if group.mine.contains(slice) { training.append(samples(first..<first + count)) }
                first += count
            }
            let test = group.mine.map { samples(rows + 10 * $0..<rows + 10 * $0 + 10) }
            return TrainingRun.Shards(
                training: training, validation: test, test: test, trainingRows: rows, validationRows: 10 * slices)
        }

        func run(
            _ group: ProcessGroup, resume: TrainingState? = nil, observer: any TrainingObserver = Silent()
        ) throws -> (TrainingState, MetricAccumulator, String) {
            let network = try Network(model)
            let run = try TrainingRun(
                specification: specification, network: network, loss: .crossEntropyOnLogits, group: group,
                shards: shards(of: group), resume: resume)
            let outcome = try run.run(observer: observer)
            return (outcome.state, try run.evaluateTest(outcome.state.best), outcome.stopped)
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

    static func bits(_ buffer: FloatBuffer) -> [UInt32] {
        (0..<buffer.count).map { buffer.pointer[$0].bitPattern }
    }

    static func losses(_ state: TrainingState) -> [[Double?]] {
        state.curve.map { [$0.trainingLoss, $0.validationLoss] }
    }

    static let models = [
        Problem().model,
        ModelSpecification(
            family: .mlp, task: .classification, input: [5], outputs: 3,
            layers: [
                .linear(outputs: 9, bias: false), .batchNorm, .relu, .residual([.batchNorm, .linear(outputs: 9)]),
            ]),
    ]

    @Test(arguments: models + sequenceModels)
    func anyNumberOfWorkersGivesTheSameBytes(_ model: ModelSpecification) throws {
        var problem = Problem()
        problem.model = model
        // Statistics must not be taken for parameters.
        problem.specification.optimizer = OptimizerSpecification(name: .adamw, learningRate: 0.01, weightDecay: 0.5)
        let alone = try Ensemble(ranks: 1, slices: 4).run { [problem] in try problem.run($0) }[0].get()
        for ranks in 2...4 {
            for outcome in Ensemble(ranks: ranks, slices: 4, seed: UInt64(ranks)).run({ [problem] in try problem.run($0)
            }) {
                let (state, metrics, _) = try outcome.get()
                #expect(Self.bits(state.parameters) == Self.bits(alone.0.parameters), "\(ranks) ranks")
                #expect(Self.bits(state.best) == Self.bits(alone.0.best), "\(ranks) ranks")
                #expect(Self.losses(state) == Self.losses(alone.0))
                #expect(metrics == alone.1)
            }
        }
    }

    @Test func itLearns() throws {
        let (state, metrics, stopped) = try Ensemble(ranks: 2, slices: 4).run { try Problem().run($0) }[0].get()
        #expect(stopped == "epochs")
        #expect(state.curve.count == 6)
        #expect(state.curve.last!.trainingLoss < 0.5 * state.curve.first!.trainingLoss)
        #expect(metrics.value(of: .accuracy)! > 0.9)
        #expect(metrics.rows == 40)
    }

    /// Every checkpoint of an undisturbed run leads to the same end, also with fewer workers.
    @Test func resumingGivesTheSameBytes() throws {
        let problem = Problem()
        let kept = try Ensemble(ranks: 2, slices: 4).run { group in
            let observer = Keeping()
            let end = try problem.run(group, observer: observer)
            return (end.0, observer.checkpoints)
        }[0].get()
        #expect(kept.1.map(\.progress.epoch) == Array(1...6))
        for checkpoint in kept.1 {
            for outcome in Ensemble(ranks: 3, slices: 4).run({ try problem.run($0, resume: checkpoint.copy()) }) {
                let state = try outcome.get().0
                #expect(Self.bits(state.parameters) == Self.bits(kept.0.parameters))
                #expect(Self.losses(state) == Self.losses(kept.0))
                #expect(state.progress == kept.0.progress)
            }
        }
    }

    @Test func oneUnreadyRankPostponesTheCheckpointForAll() throws {
        final class Busy: Silent {
            override func isReadyForCheckpoint() -> Bool { false }
        }
        let counts = Ensemble(ranks: 2, slices: 4).run { group in
            let keeping = Keeping()
            _ = try Problem().run(group, observer: group.rank == 0 ? keeping : Busy())
            return keeping.checkpoints.count
        }
        #expect(try counts[0].get() == 0)
    }

    @Test func divergenceEndsWithTheStep() throws {
        var problem = Problem()
        problem.specification.optimizer = OptimizerSpecification(name: .sgd, learningRate: 1e30)
        for outcome in Ensemble(ranks: 2, slices: 4).run({ [problem] in try problem.run($0) }) {
            let error = #expect(throws: TrainingError.self) { try outcome.get() }
            #expect(error?.description.contains("epoch 1, step") == true)
        }
    }

    @Test func anAbortEndsARunOfOne() throws {
        final class Aborting: Silent {
            let group: ProcessGroup
            init(_ group: ProcessGroup) { self.group = group }
            override func stepped(_ progress: StepProgress) { group.abort("enough") }
        }
        let outcome = Ensemble(ranks: 1, slices: 4).run { try Problem().run($0, observer: Aborting($0)) }[0]
        #expect(throws: CollectiveError.aborted(reason: "enough")) { try outcome.get() }
    }
}

@Suite struct StopRuleTests {
    func rule(epochs: Int = 10, patience: Int? = nil, steps: Int? = nil) -> StopRule {
        StopRule(
            TrainSpecification(
                optimizer: OptimizerSpecification(name: .sgd, learningRate: 1), batchSize: 1, epochs: epochs,
                stop: .init(patience: patience, steps: steps)))
    }

    @Test func epochs() {
        #expect(rule().reason(at: TrainingProgress(epoch: 9)) == nil)
        #expect(rule().reason(at: TrainingProgress(epoch: 10)) == "epochs")
    }

    @Test func patienceCountsEpochsSinceTheBest() {
        let rule = rule(patience: 3)
        #expect(rule.reason(at: TrainingProgress(epoch: 6, bestLoss: 1, bestEpoch: 4)) == nil)
        #expect(rule.reason(at: TrainingProgress(epoch: 7, bestLoss: 1, bestEpoch: 4)) == "patience")
    }

    @Test func steps() {
        #expect(rule(steps: 5).reason(at: TrainingProgress(epoch: 1, step: 4)) == nil)
        #expect(rule(steps: 5).reason(at: TrainingProgress(epoch: 1, step: 5)) == "steps")
        #expect(rule(steps: 5).endsEpoch(afterStep: 5))
    }
}

@Suite struct BucketPlanTests {
    @Test func bucketsFillFromTheEndAndAreTheWholeBuffer() {
        var tuning = Tuning()
        tuning.firstBucketBytes = 40
        tuning.bucketBytes = 80
        let plan = BucketPlan(boundaries: [0, 16, 32, 48, 64], count: 80, tuning: tuning)
        #expect(plan.buckets == [64..<80, 32..<64, 0..<32])
        #expect(BucketPlan(boundaries: [0], count: 16, tuning: tuning).buckets == [0..<16])
    }
}
