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
    static let models = [
        Problem().model,
        ModelSpecification(
            family: .mlp, task: .classification, input: [5], outputs: 3,
            layers: [
                .linear(outputs: 9, bias: false), .batchNorm, .relu, .residual([.batchNorm, .linear(outputs: 9)]),
            ]),
    ]

    @Test(arguments: models + sequenceModels)
    func anyNumberOfWorkersGivesTheSameBytes(_ model: ModelSpecification) async throws {
        var problem = Problem()
        problem.model = model
        // Statistics must not be taken for parameters.
        problem.specification.optimizer = OptimizerSpecification(name: .adamw, learningRate: 0.01, weightDecay: 0.5)
        let alone = try await Ensemble(ranks: 1, slices: 4).run { [problem] in try problem.run($0) }[0].get()
        for ranks in 2...4 {
            let ensemble = Ensemble(ranks: ranks, slices: 4, seed: UInt64(ranks))
            for outcome in await ensemble.run({ [problem] in try problem.run($0) }) {
                let (state, metrics) = (try outcome.get().state, try outcome.get().metrics)
                #expect(bits(state.parameters) == bits(alone.state.parameters), "\(ranks) ranks")
                #expect(bits(state.best) == bits(alone.state.best), "\(ranks) ranks")
                #expect(losses(state) == losses(alone.state))
                #expect(metrics == alone.metrics)
            }
        }
    }

    @Test func itLearns() async throws {
        let end = try await Ensemble(ranks: 2, slices: 4).run { try Problem().run($0) }[0].get()
        let (state, metrics) = (end.state, end.metrics)
        #expect(end.stopped == "epochs")
        #expect(state.curve.count == 6)
        #expect(state.curve.last!.trainingLoss < 0.5 * state.curve.first!.trainingLoss)
        #expect(metrics.value(of: .accuracy)! > 0.9)
        #expect(metrics.rows == 40)
    }

    /// Every checkpoint of an undisturbed run leads to the same end, also with fewer workers.
    @Test func resumingGivesTheSameBytes() async throws {
        let problem = Problem()
        let kept = try await Ensemble(ranks: 2, slices: 4).run { group in
            let observer = Keeping()
            let end = try problem.run(group, observer: observer)
            return (end.state, observer.checkpoints)
        }[0].get()
        #expect(kept.1.map(\.progress.epoch) == Array(1...6))
        for checkpoint in kept.1 {
            for outcome in await Ensemble(ranks: 3, slices: 4).run({ try problem.run($0, resume: checkpoint.copy()) }) {
                let state = try outcome.get().state
                #expect(bits(state.parameters) == bits(kept.0.parameters))
                #expect(losses(state) == losses(kept.0))
                #expect(state.progress == kept.0.progress)
            }
        }
    }

    @Test func oneUnreadyRankPostponesTheCheckpointForAll() async throws {
        final class Busy: Silent {
            override func isReadyForCheckpoint() -> Bool { false }
        }
        let counts = await Ensemble(ranks: 2, slices: 4).run { group in
            let keeping = Keeping()
            _ = try Problem().run(group, observer: group.rank == 0 ? keeping : Busy())
            return keeping.checkpoints.count
        }
        #expect(try counts[0].get() == 0)
    }

    @Test func divergenceEndsWithTheStep() async throws {
        var problem = Problem()
        problem.specification.optimizer = OptimizerSpecification(name: .sgd, learningRate: 1e30)
        for outcome in await Ensemble(ranks: 2, slices: 4).run({ [problem] in try problem.run($0) }) {
            let error = #expect(throws: TrainingError.self) { try outcome.get() }
            #expect(error?.description.contains("epoch 1, step") == true)
        }
    }

    @Test func anAbortEndsARunOfOne() async throws {
        final class Aborting: Silent {
            let group: ProcessGroup
            init(_ group: ProcessGroup) { self.group = group }
            override func stepped(_ progress: StepProgress) { group.abort("enough") }
        }
        let outcome = await Ensemble(ranks: 1, slices: 4).run { try Problem().run($0, observer: Aborting($0)) }[0]
        #expect(throws: CollectiveError.aborted(reason: "enough")) { try outcome.get() }
    }
}
