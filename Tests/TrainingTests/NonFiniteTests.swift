import CollectivesTestKit
import NeuralNetworks
import Tensors
import Testing

@testable import Training

/// A run that meets a number that is none ends with an error that says where it came from.
@Suite struct NonFiniteTests {
    private func messages(_ problem: Problem, resume: TrainingState? = nil) async throws -> [String] {
        try await Ensemble(ranks: 2, slices: 4).run { try problem.run($0, resume: resume?.copy()) }.map { outcome in
            let error = #expect(throws: TrainingError.self) { try outcome.get() }
            return try #require(error?.description)
        }
    }

    /// A network without dropout, at its start but for one parameter.
    private func state(of problem: Problem, setting name: String, to value: Float) async throws -> TrainingState {
        var short = problem
        short.specification.stop.steps = 1
        let state = try await short.end(ranks: 1).checkpoints[0]
        let entry = try #require(try Network(problem.model).layout.entry(named: name))
        state.parameters.pointer[entry.offset] = value
        var fresh = state
        fresh.progress = TrainingProgress()
        fresh.curve = []
        return fresh
    }

    @Test func theInput() async throws {
        var problem = Problem()
        problem.brokenRow = 156
        let messages = try await messages(problem)
        #expect(messages[0] == messages[1])
        #expect(messages[0].hasPrefix("the loss became nan in epoch 1, step "))
        #expect(messages[0].contains(": the first that is not finite is the input, for rows 25 to 32 of batch "))
        #expect(messages[0].contains("(slice 3); a smaller learning rate"))
    }

    @Test func aParameter() async throws {
        let problem = Problem()
        let resume = try await state(of: problem, setting: "3.bias", to: .nan)
        let message = try await messages(problem, resume: resume)[0]
        #expect(message.contains("in epoch 1, step 1: the first that is not finite is the parameter 3.bias, for rows "))
        #expect(message.contains("rows 1 to 8 of batch 1 (slice 0)"))
    }

    @Test func theOutputOfALayer() async throws {
        let problem = Problem()
        // Finite itself, but not times the inputs of about 1.5 and the weights behind it.
        let resume = try await state(of: problem, setting: "0.weight", to: 3e38)
        let message = try await messages(problem, resume: resume)[0]
        #expect(message.contains("the first that is not finite is the output of Linear (0.weight, 0.bias), for rows"))
    }

    @Test func aGradient() async throws {
        var problem = Problem()
        problem.model = ModelSpecification(
            family: .mlp, task: .regression, input: [5], outputs: 1, layers: [.linear(outputs: 3), .tanh])
        problem.evaluation.metrics = [.mse]
        // Nothing comes through the first layer, so the loss is small; but the way back leads over a weight that is not.
        let resume = try await state(of: problem, setting: "2.weight", to: 3e38)
        for name in ["0.weight", "0.bias"] {
            let entry = try #require(try Network(problem.model).layout.entry(named: name))
            (resume.parameters.pointer + entry.offset).update(repeating: 0, count: entry.count)
        }
        let message = try await messages(problem, resume: resume)[0]
        #expect(message.hasPrefix("the norm of the gradient became"))
        #expect(message.contains("the first that is not finite is the gradient of Linear (2.weight, 2.bias), for rows"))
    }
}
