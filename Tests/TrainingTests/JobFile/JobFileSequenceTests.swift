import Foundation
import NeuralNetworks
import Tensors
import Testing
import Training

@Suite struct JobFileSequenceTests {
    private func model(_ text: String) throws -> ModelSpecification {
        try JobFolder(jobText(model: text)).load().model
    }

    private func problems(_ text: String) throws -> [String] {
        try JobFolder(jobText(model: text)).problems()
    }

    @Test func recurrentFamilies() throws {
        #expect(
            try model("{ family: lstm, input: [24, 2], task: regression, width: 32 }")
                == ModelSpecification(
                    family: .lstm, task: .regression, input: [24, 2], outputs: 1,
                    layers: [.lstm(width: 32, isLast: true)]))
        #expect(
            try model("{ family: gru, input: [64], vocabulary: 99, classes: 99, width: 16, layers: 2, predict: each }")
                .layers == [.embedding(vocabulary: 99, width: 16), .gru(width: 16, layers: 2)])
        #expect(
            try model("{ family: rnn, input: [9, 3], classes: 4, width: 8, bidirectional: true, activation: relu }")
                .layers == [.rnn(width: 8, isBidirectional: true, isLast: true, activation: "relu")])
    }

    @Test func transformers() throws {
        let classifier = try model(
            "{ family: transformer, input: [20], vocabulary: 50, classes: 3, width: 16, heads: 2, layers: 1 }")
        #expect(
            classifier.layers.map(\.kind) == [
                "embedding", "sinusoidal_positions", "transformer_encoder", "mean_positions",
            ])
        let translator = try model(
            """
            { family: transformer, input: [21], source: 10, vocabulary: 50, classes: 50, width: 16, heads: 2, \
            layers: 2, decoder_layers: 1 }
            """)
        #expect(
            translator.layers
                == LayerSpecification.transformerNetwork(
                    vocabulary: 50, source: 10, decoderLayers: 1, figures: .init(width: 16, heads: 2, layers: 2)))
        #expect(try Network(translator).outputPositions == 11)
    }

    @Test func languageModels() throws {
        let gpt = try model(
            "{ family: gpt, input: [128], vocabulary: 512, width: 256, heads: 4, layers: 4, dropout: 0 }")
        #expect(gpt.outputs == 512)
        #expect(gpt.bias == false)
        #expect(gpt.initialization == WeightInitialization(.normal))
        // As the GPT of the benchmarks.
        #expect(try Network(gpt).layout.parameterCount == 3_454_464)
        let tied = try model(
            "{ family: gpt, input: [8], vocabulary: 9, width: 4, heads: 2, layers: 1, tied: true, positions: rotary }")
        #expect(tied.layers.last == .tiedLinear)
        #expect(
            try Network(tied).layout.entries.map(\.name).filter { !$0.contains("layers") } == [
                "0.weight", "2.norm.weight", "2.norm.bias",
            ])
    }

    @Test func mistakes() throws {
        #expect(
            try problems("{ family: lstm, input: [24], classes: 2, width: 4 }").first?.contains("vocabulary") == true)
        #expect(
            try problems(
                "{ family: transformer, input: [9], vocabulary: 5, classes: 5, width: 6, heads: 4, layers: 1 }"
            )
            .first?.contains("a multiple of its 4 heads") == true)
        #expect(
            try problems("{ family: gpt, input: [8, 2], vocabulary: 9, width: 4, heads: 2, layers: 1 }").first?
                .contains("token ids") == true)
    }
}
