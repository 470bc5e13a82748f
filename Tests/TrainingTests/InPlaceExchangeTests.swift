import Collectives
import CollectivesTestKit
import NeuralNetworks
import Tensors
import Testing

@testable import Training

/// Ranks of one host have one set of parameters between them.
@Suite struct InPlaceExchangeTests {
    @Test func parametersAndMomentsAreOnceInSharedMemory() async throws {
        let problem = Problem()
        let addresses = await Ensemble(ranks: 3, slices: 4).run { group in
            let run = try problem.makeRun(group)
            try run.loop.runEpoch(observer: Silent())
            // Each rank of this ensemble has mapped the memory at a place of its own: what one writes the others see.
            if group.rank == 1 {
                run.loop.state.parameters.pointer[0] = 17
                run.loop.state.moments[1].buffer.pointer[0] = 18
            }
            _ = try group.allGather([], named: "written")
            return [run.loop.state.parameters.pointer[0], run.loop.state.moments[1].buffer.pointer[0]]
        }
        for address in addresses { #expect(try address.get() == [17, 18]) }
    }

    /// A rank is lost after it has written half of the new parameters.
    @Test(arguments: [1, 2])
    func whatIsHalfUpdatedIsNeverSaved(threads: Int) async throws {
        struct Left: Sendable {
            var checkpoints: [TrainingState]
            var reason: String
        }
        var problem = Problem()
        problem.threads = threads
        let undisturbed = try await problem.end(ranks: 2).end.state
        let outcomes = await Ensemble(ranks: 2, slices: 4).run { [problem] group in
            let observer = Keeping()
            let run = try problem.makeRun(group)
            do {
                guard group.rank == 1 else {
                    _ = try run.run(observer: observer)
                    return Left(checkpoints: observer.checkpoints, reason: "")
                }
                for _ in 0..<2 { try run.loop.runEpoch(observer: observer) }
                try run.loop.openStep().exchange.run(StepUnderWay()) { _ in
                    let parameters = run.loop.state.parameters
                    parameters.pointer.update(repeating: .nan, count: parameters.count / 2)
                    group.abort("killed")
                    return UpdateOrder(step: Optimizer.Step(number: 1, learningRate: 1), isAtOnce: true)
                }
                return Left(checkpoints: observer.checkpoints, reason: "")
            } catch {
                return Left(checkpoints: observer.checkpoints, reason: "\(error)")
            }
        }
        let survivor = try outcomes[0].get()
        #expect(survivor.reason.contains("worker-1"))
        #expect(survivor.checkpoints.map(\.progress.epoch) == [1, 2])
        // The next generation is that of the survivor alone.
        let end = try await problem.end(ranks: 1, resume: survivor.checkpoints[1]).end.state
        #expect(bits(end.parameters) == bits(undisturbed.parameters))
        #expect(losses(end) == losses(undisturbed))
    }
}
