import NeuralNetworks
import Tensors
import Testing

struct LayerTraceTests {
    /// conv 1 -> 32 -> 64 of 3 x 3 with pools, 3136 -> 128 -> 10.
    @Test func figuresOfAKnownNetwork() throws {
        let network = try Network(
            ModelSpecification(
                family: .cnn, task: .classification, input: [1, 28, 28], outputs: 10,
                layers: [
                    .conv2d(channels: 32), .relu, .maxPool2d(size: 2), .conv2d(channels: 64), .relu,
                    .maxPool2d(size: 2), .flatten, .linear(outputs: 128), .relu,
                ]))
        let trace = network.trace
        #expect(trace.map(\.path) == (0..<9).map { "layers[\($0)]" } + ["head"])
        #expect(trace[3].kind == "conv2d")
        #expect(trace[3].outputShape == [64, 14, 14])
        #expect(trace[3].parameterCount == 64 * 32 * 9 + 64)
        #expect(trace[3].work == Work(forward: 2 * 64 * 196 * 288, backward: 4 * 64 * 196 * 288))
        #expect(trace[3].activationBytes == 4 * 64 * 196)
        #expect(trace.map(\.isFused) == [false, true, false, false, true, false, false, false, true, false])
        #expect(trace[6].work == Work(forward: 0, backward: 0))
        #expect(trace[9].outputShape == [10])
        #expect(network.parameterCount == 421_642)
        #expect(trace.reduce(0) { $0 + $1.parameterCount } == network.parameterCount)
        #expect(network.work.forward == trace.reduce(0) { $0 + $1.work.forward })
    }

    @Test func containersComeBeforeTheirContentAndIncludeIt() throws {
        let network = try Network(
            ModelSpecification(
                family: .resNetSmall, task: .classification, input: [1, 8, 8], outputs: 10,
                layers: LayerSpecification.resNetSmall(widths: [4, 8], blocks: 1)))
        let block = try #require(network.trace.firstIndex { $0.path == "layers[5]" })
        #expect(network.trace[block].kind == "residual")
        let content = network.trace[block...].dropFirst().prefix { $0.depth == 1 }
        #expect(content.map(\.kind).filter { $0 == "conv2d" }.count == 3)
        #expect(content.last?.path == "layers[5].residual.shortcut[1]")
        #expect(network.trace[block].parameterCount == content.reduce(0) { $0 + $1.parameterCount })
        #expect(network.trace[block].outputShape == [8, 4, 4])
        #expect(network.trace.filter { $0.depth == 0 }.reduce(0) { $0 + $1.parameterCount } == network.parameterCount)
    }

    @Test func memoryIsThatOfTheExecutor() throws {
        let network = try Network(.smallImages)
        let executor = TrainingExecutor(network: network, loss: .crossEntropyOnLogits, maximumRows: 6)
        #expect(network.memoryBytes(rows: 6, purpose: .training) == executor.memoryBytes)
        let inference = InferenceExecutor(network: network, maximumRows: 6)
        #expect(network.memoryBytes(rows: 6, purpose: .inference) == inference.memoryBytes)
    }
}
