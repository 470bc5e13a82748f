import Collectives
import CollectivesTestKit
import NeuralNetworks
import Synchronization
import Tensors
import Testing

@testable import Training

@Suite struct AccumulationTests {
    /// Without dropout, whose masks are drawn anew for every batch.
    private func problem(batchSize: Int, accumulation: Int) -> Problem {
        var problem = Problem()
        problem.rows = 128
        problem.model.layers = [.linear(outputs: 17), .tanh]
        problem.specification.batchSize = batchSize
        problem.specification.accumulation = accumulation
        return problem
    }

    /// One update is of the mean over the rows of all its batches, also where the last one has fewer.
    @Test(arguments: [(16, 8), (32, 4), (48, 3)])
    func itIsThatOfOneLargeBatch(_ batchSize: Int, _ accumulation: Int) async throws {
        let large = try await problem(batchSize: 128, accumulation: 1).end(ranks: 1).end.state
        let small = try await problem(batchSize: batchSize, accumulation: accumulation).end(ranks: 2).end.state
        #expect(small.progress.step == large.progress.step)
        for index in 0..<large.parameters.count {
            #expect(abs(small.parameters.pointer[index] - large.parameters.pointer[index]) < 1e-4)
        }
    }

    @Test func itExchangesOncePerUpdate() async throws {
        func frames(_ accumulation: Int) async -> Int {
            let count = Mutex(0)
            let ensemble = Ensemble(ranks: 2, slices: 4, hosts: 2) { _, _ in
                count.withLock { $0 += 1 }
                return false
            }
            let problem = problem(batchSize: 16, accumulation: accumulation)
            _ = await ensemble.run { try problem.run($0) }
            return count.withLock { $0 }
        }
        // Beside the steps there is what the epochs and the evaluation take.
        let (each, fourth) = (await frames(1), await frames(4))
        let (eachSteps, fourthSteps) = (6 * 8, 6 * 2)
        #expect((each - fourth).isMultiple(of: eachSteps - fourthSteps))
        #expect(each > fourth)
    }
}
