import Collectives
import CollectivesTestKit
import NeuralNetworks
import Tensors
import Testing

@testable import Training

/// What is learned does not depend on how many threads of how many workers computed it, nor on how they exchange it.
@Suite struct ThreadsOfAWorkerTests {
    struct Option: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var problem: Problem

        init(_ name: String, _ change: (inout Problem) -> Void) {
            testDescription = name
            problem = Problem()
            problem.specification.epochs = 3
            change(&problem)
        }
    }

    static let options = [
        Option("mlp") { _ in },
        Option("cnn with batch normalisation and dropout") {
            $0.model = ModelSpecification(
                family: .cnn, task: .classification, input: [1, 1, 5], outputs: 3,
                layers: [
                    .conv2d(channels: 4, kernel: 3, stride: 1, padding: 1, bias: true), .batchNorm, .relu,
                    .dropout(probability: 0.2), .flatten, .linear(outputs: 9, bias: true), .relu,
                ])
        },
        Option("lstm") { $0.model = TrainingRunTests.sequenceModels[1] },
        Option("transformer") { $0.model = TrainingRunTests.sequenceModels[3] },
        Option("accumulation, clipping and a guard") {
            $0.model = TrainingRunTests.models[1]
            $0.specification.accumulation = 2
            $0.specification.clipping = .init(norm: 0.3, value: 0.02)
            $0.specification.spikeGuard = .init(lossFactor: 3, gradientFactor: 3, maximumSkips: 100)
            $0.brokenRow = 156
        },
        Option("seven slices, several blocks") {
            $0.model.layers = [.linear(outputs: 300, bias: true), .relu, .linear(outputs: 200, bias: true), .relu]
            $0.slices = 7
            $0.specification.slices = 7
            $0.specification.epochs = 2
        },
    ]

    @Test(arguments: options)
    func anyNumberGivesTheSameBytes(_ option: Option) async throws {
        let alone = try await option.problem.end(ranks: 1).end
        for ranks in 1...3 {
            for threads in 1...4 where ranks * threads > 1 {
                var problem = option.problem
                problem.threads = threads
                // In the memory of one host; by messages; and both, between two hosts.
                var ends = [try await problem.end(ranks: ranks).end]
                if ranks > 1 { ends.append(try await problem.end(ranks: ranks, sharesMemory: false).end) }
                if ranks > 2 { ends.append(try await problem.end(ranks: ranks, hosts: 2).end) }
                for (path, end) in ends.enumerated() {
                    let name = "\(ranks) ranks of \(threads) threads, path \(path)"
                    #expect(bits(end.state.parameters) == bits(alone.state.parameters), "\(name)")
                    #expect(bits(end.state.best) == bits(alone.state.best), "\(name)")
                    for (moment, other) in zip(end.state.moments, alone.state.moments) {
                        #expect(bits(moment.buffer) == bits(other.buffer), "\(name)")
                    }
                    #expect(losses(end.state) == losses(alone.state), "\(name)")
                    #expect(end.metrics == alone.metrics, "\(name)")
                }
            }
        }
    }

    @Test func ranksMayHaveDifferentNumbersOfThreads() async throws {
        let problem = Problem()
        let alone = try await problem.end(ranks: 1).end
        let ends = await Ensemble(ranks: 2, slices: 4).run { group in
            var own = problem
            own.threads = 1 + group.rank
            return try own.run(group)
        }
        for end in ends { #expect(bits(try end.get().state.parameters) == bits(alone.state.parameters)) }
    }

    @Test func noThreadIsWithoutASlice() async throws {
        let counts = await Ensemble(ranks: 2, slices: 4).run { group in
            var problem = Problem()
            problem.threads = 8
            return try problem.makeRun(group).threadCount
        }
        #expect(try counts.map { try $0.get() } == [2, 2])
    }
}
