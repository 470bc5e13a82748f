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

    /// With every kind of dropout: what a row gets does not depend on which rows come with it.
    @Test func gradientsOfSlicesAddUpToThoseOfTheBatch() throws {
        let figures = LayerSpecification.TransformerFigures(width: 8, heads: 2, layers: 2, dropout: 0.3)
        let layers =
            LayerSpecification.transformerNetwork(vocabulary: 6, source: 4, decoderLayers: 1, figures: figures)
            + [.gru(width: 5, layers: 2, dropout: 0.4)]
        let network = try Network(
            ModelSpecification(family: .transformer, task: .classification, input: [7], outputs: 6, layers: layers))
        let rows = 5
        let parameters = FloatBuffer(count: network.layout.count)
        network.initialize(parameters.pointer, seed: 3)
        let inputs = (0..<rows * 7).map { Float($0 * 5 % 7) - 1 }
        let targets = (0..<rows * 3).map { Float($0 % 6) }
        let executor = TrainingExecutor(network: network, loss: .crossEntropyOnLogits, maximumRows: rows)
        func gradient(_ range: Range<Int>) -> [Float] {
            let gradients = FloatBuffer(count: network.layout.count)
            _ = inputs.withUnsafeBufferPointer { inputs in
                targets.withUnsafeBufferPointer { targets in
                    executor.gradient(
                        inputs: inputs.baseAddress! + range.lowerBound * 7,
                        targets: targets.baseAddress! + range.lowerBound * 3, rows: range.count,
                        parameters: parameters.pointer, gradients: gradients.pointer, scale: 1,
                        randomness: StepRandomness(seed: 5, step: 2, firstRow: range.lowerBound))
                }
            }
            return (0..<gradients.count).map { gradients.pointer[$0] }
        }
        let whole = gradient(0..<rows)
        let parts = zip(gradient(0..<2), gradient(2..<rows)).map(+)
        let largest = whole.map(abs).max() ?? 0
        #expect(largest > 0)
        #expect(zip(whole, parts).allSatisfy { abs($0 - $1) < 1e-5 * largest })
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
