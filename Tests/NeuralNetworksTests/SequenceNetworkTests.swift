import NeuralNetworks
import Tensors
import Testing

struct SequenceNetworkTests {
    /// The LSTM of the benchmarks.
    @Test func parametersAreThoseOfTheSamePyTorchModel() throws {
        let network = try Network(
            ModelSpecification(
                family: .lstm, task: .classification, input: [64], outputs: 256,
                layers: [.embedding(vocabulary: 256, width: 128), .lstm(width: 256)]))
        #expect(network.layout.parameterCount == 493_824)
        #expect(
            network.layout.entries.map(\.name) == [
                "0.weight", "1.weight_ih_l0", "1.weight_hh_l0", "1.bias_ih_l0", "1.bias_hh_l0", "2.weight", "2.bias",
            ])
        #expect(network.outputPositions == 64)
    }

    /// A window takes no memory of its own, however long the sequence is.
    @Test func aWindowOverALongSequenceIsNoMatrix() throws {
        let positions = 1 << 18
        let encoder = LayerSpecification(
            "transformer_encoder",
            ["layers": .integer(1), "heads": .integer(1), "feedforward": .integer(2), "window": .integer(3)])
        let network = try Network(
            ModelSpecification(
                family: .sequential, task: .regression, input: [positions], outputs: 1,
                layers: [.embedding(vocabulary: 4, width: 2), encoder, .meanPositions, .linear(outputs: 1)]))
        #expect(network.memoryBytes(rows: 1, purpose: .inference) < 1 << 30)
    }

    /// However many layers look them up, and without making them.
    @Test func positionsOfAllLayersAreOneTable() throws {
        let (positions, width) = (1 << 16, 1 << 10)
        let figures = LayerSpecification.TransformerFigures(width: width, heads: 1, layers: 24)
        let network = try Network(
            ModelSpecification(
                family: .gpt, task: .classification, input: [positions], outputs: 256,
                layers: LayerSpecification.gpt(
                    vocabulary: 256, positions: positions, figures: figures, isRotary: true)))
        #expect(network.tableBytes == 4 * positions * width)
        let waves = try Network(
            ModelSpecification(
                family: .sequential, task: .regression, input: [positions], outputs: 1,
                layers: [.embedding(vocabulary: 4, width: 64), .sinusoidalPositions(), .linear(outputs: 1)]))
        #expect(waves.tableBytes == 4 * positions * 64)
    }

    @Test func whatDoesNotFitIsNamed() throws {
        func problem(_ input: [Int], _ layers: [LayerSpecification]) -> String {
            do {
                _ = try Network(
                    ModelSpecification(
                        family: .sequential, task: .regression, input: input, outputs: 1, layers: layers))
                return "none"
            } catch {
                return "\(error)"
            }
        }
        #expect(problem([5], [.lstm(width: 3)]).contains("for token ids put an embedding layer first"))
        #expect(problem([5, 2], [.embedding(vocabulary: 3, width: 2)]).contains("make it the first layer"))
        #expect(problem([5, 2], [.tiedLinear]).contains("an embedding layer before it"))
        #expect(problem([5, 2], [.attention(heads: 3)]).contains("a multiple of its 3 heads"))
        #expect(problem([5, 3], [.attention(heads: 1, isRotary: true)]).contains("false for heads of odd width"))
        #expect(problem([9, 2], [.learnedPositions(maximum: 8)]).contains("at most 8 positions"))
        #expect(
            problem([4, 2], [.transformer(source: 4, heads: 1)]).contains("more than the 4 positions of the source"))
    }
}
