import Datasets
import NeuralNetworks
import Tensors
import Testing

@testable import Training

/// Whatever a job asks for, the bytes that come out do not depend on the number of workers, nor on an interruption.
@Suite struct TrainingOptionsTests {
    struct Option: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: @Sendable (inout Problem) -> Void

        init(_ name: String, _ change: @escaping @Sendable (inout Problem) -> Void) {
            testDescription = name
            self.change = change
        }
    }

    static let optimizers = OptimizerSpecification.Name.allCases.map { name in
        Option("optimizer \(name.rawValue)") { problem in
            problem.specification.optimizer = OptimizerSpecification(
                name: name, learningRate: 0.01, weightDecay: 0.05, decayExclusions: ["*.bias"])
            if name == .gradientDescent { problem.specification.batchSize = nil }
            if name == .rmsprop { problem.specification.optimizer.momentum = 0.5 }
        }
    }

    static let others = [
        Option("class weights and smoothing") {
            $0.specification.loss = Loss(.crossEntropy, labelSmoothing: 0.1, classWeights: [1, 0.3, 2.7])
        },
        Option("summed loss") {
            $0.specification.loss = Loss(.crossEntropy, reduction: .sum)
            $0.specification.optimizer.learningRate = 0.001
        },
        Option("positions without labels") { problem in
            problem.positions = 3
            problem.model = ModelSpecification(
                family: .sequential, task: .classification, input: [3, 5], outputs: 3,
                layers: [.linear(outputs: 9), .tanh, .dropout(probability: 0.2), .linear(outputs: 3)])
        },
        Option("cosine with warm-up") {
            $0.specification.schedule = .init(.cosine(minimum: 1e-4, steps: nil), warmUp: .init(steps: 7))
        },
        Option("plateau") {
            $0.specification.schedule = .init(
                .reduceOnPlateau(PlateauRule(factor: 0.5, patience: 0, threshold: 0.3, cooldown: 1)))
        },
        Option("clipping by norm") { $0.specification.clipping.norm = 0.3 },
        Option("clipping by value") { $0.specification.clipping.value = 0.02 },
        Option("clipping by both") {
            $0.specification.clipping = .init(norm: 0.3, value: 0.02)
            $0.specification.accumulation = 2
        },
        Option("accumulation") { $0.specification.accumulation = 2 },
        Option("accumulation and clipping with running statistics") { problem in
            problem.model.layers = [.linear(outputs: 9, bias: false), .batchNorm, .relu]
            problem.specification.accumulation = 2
            problem.specification.clipping.norm = 0.3
        },
        Option("accumulation over uneven batches") {
            $0.specification.accumulation = 3
            $0.specification.loss = Loss(.crossEntropy, classWeights: [1, 0.3, 2.7])
        },
        Option("a batch of all rows, in pieces") { problem in
            problem.rows = 4 * UpdatePlan.pieceRows + 777
            problem.specification.batchSize = nil
            problem.specification.epochs = 3
        },
        Option("guard") {
            $0.specification.spikeGuard = .init(lossFactor: 3, gradientFactor: 3, maximumSkips: 100)
            $0.brokenRow = 156
        },
        Option("steps") { $0.specification.stop.steps = 13 },
        Option("tolerance") {
            $0.specification.stop.tolerance = 0.05
            $0.specification.epochs = 30
        },
        Option("target") {
            $0.specification.stop.target = .init(metric: .auc, comparison: .atLeast, value: 0.95)
            $0.specification.epochs = 30
        },
    ]

    @Test(arguments: optimizers + others)
    func sameBytes(_ option: Option) async throws {
        var problem = Problem()
        option.change(&problem)
        let (alone, checkpoints) = try await problem.end(ranks: 1)
        #expect((0..<alone.state.parameters.count).allSatisfy { alone.state.parameters.pointer[$0].isFinite })
        for ranks in [2, 4] {
            try expectSame(try await problem.end(ranks: ranks).end, alone, "\(ranks) ranks")
        }
        // Interrupted after each epoch but the last, and gone on with by another number of workers.
        for checkpoint in checkpoints.dropLast() where checkpoint.progress.epoch % 2 == 1 {
            let resumed = try await problem.end(ranks: 2, resume: checkpoint).end
            try expectSame(resumed, alone, "from epoch \(checkpoint.progress.epoch)")
        }
    }

    private func expectSame(_ end: Problem.End, _ expected: Problem.End, _ what: Comment) throws {
        #expect(bits(end.state.parameters) == bits(expected.state.parameters), what)
        #expect(bits(end.state.best) == bits(expected.state.best), what)
        for (moment, other) in zip(end.state.moments, expected.state.moments) {
            #expect(bits(moment.buffer) == bits(other.buffer), "\(what), \(moment.name)")
        }
        #expect(losses(end.state) == losses(expected.state), what)
        #expect(end.state.progress == expected.state.progress, what)
        #expect(end.metrics == expected.metrics, what)
        #expect(end.stopped == expected.stopped, what)
    }

    @Test(arguments: [("tolerance", "tolerance"), ("target", "target"), ("steps", "steps"), ("guard", "epochs")])
    func theReasonIsTold(_ name: String, _ reason: String) async throws {
        var problem = Problem()
        try #require(Self.others.first { $0.testDescription == name }).change(&problem)
        let end = try await problem.end(ranks: 2).end
        #expect(end.stopped == reason)
    }

    /// The options of the parameterised test are not idle.
    @Test func optionsDoSomething() async throws {
        func end(_ name: String) async throws -> Problem.End {
            var problem = Problem()
            try #require(Self.others.first { $0.testDescription == name }).change(&problem)
            return try await problem.end(ranks: 1).end
        }
        let plain = bits(try await Problem().end(ranks: 1).end.state.parameters)
        for name in [
            "class weights and smoothing", "cosine with warm-up", "plateau", "clipping by norm", "clipping by value",
            "accumulation",
        ] {
            let parameters = try await end(name).state.parameters
            #expect(bits(parameters) != plain, "\(name)")
        }
        let spikes = try await end("guard").state.progress.spikes
        #expect(try #require(spikes).skipped > 0)
        let plateau = try await end("plateau").state.progress.plateau
        #expect(try #require(plateau).rate < 0.01)
        let even = try await end("accumulation").state.progress
        #expect(even.step == 6 * 3)
        let uneven = try await end("accumulation over uneven batches").state.progress
        #expect(uneven.step == 6 * 2)
    }

    @Test func recordsTellWhatHappened() async throws {
        let state = try await Problem().end(ranks: 2).end.state
        for record in state.curve {
            #expect(record.learningRate == 0.01)
            #expect(try #require(record.gradientNorm) > 0)
            #expect(Set(try #require(record.metrics).keys) == ["accuracy", "f1", "auc", "log_loss"])
            let times = try #require(record.times)
            #expect(times.values.allSatisfy { $0 > 0 })
            #expect(times.values.reduce(0, +) <= record.seconds * 1.01)
        }
    }
}
