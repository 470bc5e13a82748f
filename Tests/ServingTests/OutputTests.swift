import Checkpoints
import Foundation
import NeuralNetworks
import Tensors
import Testing
import Wire

@testable import Serving

/// What is served of a network's outputs is what training has noted of them.
@Suite struct OutputTests {
    private static func model(_ meaning: OutputMeaning?, _ task: ModelSpecification.Task, outputs: Int) -> TrainedModel
    {
        TrainedModel(task: task, outputs: outputs, meaning: meaning)
    }

    private func answer(_ model: TrainedModel, _ rows: [Float]) async throws -> InferenceAnswer {
        let (store, manifest) = try model.publish()
        let server = ModelServer(limits: ServingLimits())
        try await server.load(model.key, manifest: manifest, from: store)
        let answer = try await server.infer(model, rows: rows).get()
        await server.drain(within: .seconds(5))
        try FileManager.default.removeItem(at: model.folder)
        return answer
    }

    private func isClose(_ left: [Float], _ right: [Float]) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) <= 1e-5 }
    }

    /// A network that ends in a sigmoid or softmax gives probabilities: no other function is put on top of them.
    @Test(arguments: [
        (OutputMeaning.probability, ModelSpecification.Task.binary, 1), (.probabilities, .classification, 3),
    ])
    func probabilitiesAreServedAsTheyAre(
        _ meaning: OutputMeaning, _ task: ModelSpecification.Task, _ outputs: Int
    ) async throws {
        let model = Self.model(meaning, task, outputs: outputs)
        let rows = model.rawRows(20)
        let answer = try await answer(model, rows)
        let expected = try model.expected(rows)
        let name = task == .binary ? "probability" : "probabilities"
        #expect(answer.response.outputs.map(\.name) == [name, "label"])
        #expect(isClose(answer.floats(name), expected))
        let labels = (0..<20).map { row in
            let values = Array(expected[row * outputs..<(row + 1) * outputs])
            if task == .binary { return values[0] > 0.5 ? "yes" : "no" }
            return "class \(values.firstIndex(of: values.max()!)!)"
        }
        #expect(answer.strings("label") == labels)
    }

    @Test func aDistributionIsThePrediction() async throws {
        let model = Self.model(.distributionLogits, .regression, outputs: 3)
        let rows = model.rawRows(4)
        let answer = try await answer(model, rows)
        let logits = try model.expected(rows)
        #expect(isClose(answer.floats("logits"), logits))
        var expected = logits
        OutputMeaning.distributionLogits.read(logits, rows: 4, columns: 3, into: &expected)
        #expect(isClose(answer.floats("prediction"), expected))
        for row in 0..<4 { #expect(abs(expected[3 * row..<3 * row + 3].reduce(0, +) - 1) < 1e-5) }
    }

    /// Versions that were made before manifests said it are logits of their task.
    @Test(arguments: [nil, .logit] as [OutputMeaning?])
    func logitsBecomeProbabilities(_ meaning: OutputMeaning?) async throws {
        let model = Self.model(meaning, .binary, outputs: 1)
        let rows = model.rawRows(20)
        let answer = try await answer(model, rows)
        let logits = try model.expected(rows)
        #expect(isClose(answer.floats("logits"), logits))
        #expect(isClose(answer.floats("probability"), logits.map { 1 / (1 + exp(-$0)) }))
        #expect(answer.strings("label") == logits.map { $0 > 0 ? "yes" : "no" })
    }

    /// A logit of 0 is the first class, as in accuracy.
    @Test func aTieIsTheFirstClass() async throws {
        var model = Self.model(.logit, .binary, outputs: 1)
        let count = try Network(model.specification).layout.count
        model.spoilWeights = { $0.update(repeating: 0, count: count) }
        model.spoilManifest = { $0.golden.output = $0.golden.output.map { _ in 0 } }
        let answer = try await answer(model, model.rawRows(2))
        #expect(answer.floats("logits") == [0, 0])
        #expect(answer.strings("label") == ["no", "no"])
    }

    @Test func aMeaningOfAnotherTaskIsRefused() async throws {
        var model = TrainedModel()
        model.spoilManifest = { $0.outputMeaning = "probability" }
        let (store, manifest) = try model.publish()
        let server = ModelServer(limits: ServingLimits())
        await #expect {
            try await server.load(model.key, manifest: manifest, from: store)
        } throws: {
            "\($0)".contains("outputMeaning: expected one of logits, probabilities, found 'probability'")
        }
        await server.drain(within: .seconds(5))
        try FileManager.default.removeItem(at: model.folder)
    }
}
