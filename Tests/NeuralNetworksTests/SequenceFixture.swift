import Tensors
import Testing

@testable import NeuralNetworks

/// A network over sequences from `scripts/fixtures/sequences.py`, which says how its numbers are made.
struct SequenceFixture: Decodable, CustomTestStringConvertible {
    let name: String
    let layers: [LayerSpecification]
    let input: [Int]
    let width: Int
    let rows: Int
    let bound: Float
    /// Relative; larger where many layers follow each other.
    let tolerance: Float
    let inputs: [Float]?
    let outputs: [Float]
    let shapes: [String: [Int]]
    let gradients: [String: [Float]]
    var testDescription: String { name }

    /// The full-size encoder-decoder.
    struct Large: Decodable {
        let layer: LayerSpecification
        let input: [Int]
        let rows: Int
        let bound: Float
        let parameters: Int
        /// One in 97.
        let outputs: [Float]
        let gradientNorms: [String: Double]
    }
}

/// A network with the parameters, inputs and output weights of the fixtures, after a forward and a backward pass of the
/// sum of outputs x weights.
struct SequenceBench {
    let network: Network
    let gradients: FloatBuffer
    let outputs: [Float]

    init(layers: [LayerSpecification], input: [Int], width: Int, rows: Int, bound: Float, inputs: [Float]?) throws {
        network = try Network(
            ModelSpecification(
                family: .sequential, task: .regression, input: input, outputs: width, layers: layers))
        let parameters = FloatBuffer(count: network.layout.count)
        for (stream, entry) in network.layout.entries.sorted(by: { $0.name < $1.name }).enumerated() {
            Self.fill(parameters.pointer + entry.offset, entry.count, stream: UInt32(stream), bound: bound)
        }
        let drawn = FloatBuffer(count: rows * network.inputCount)
        Self.fill(drawn.pointer, drawn.count, stream: 1000, bound: 1)
        if let inputs { drawn.pointer.update(from: inputs, count: drawn.count) }
        let weights = FloatBuffer(count: rows * network.outputCount)
        Self.fill(weights.pointer, weights.count, stream: 1001, bound: 1)

        let inference = InferenceExecutor(network: network, maximumRows: rows)
        let evaluated = FloatBuffer(count: weights.count)
        inference.run(inputs: drawn.pointer, rows: rows, parameters: parameters.pointer, outputs: evaluated.pointer)
        let executor = GraphExecutor(network.graph, maximumRows: rows + 1, purpose: .training)
        let results = executor.forward(
            inputs: drawn.pointer, rows: rows, parameters: parameters.pointer,
            randomness: StepRandomness(seed: 1, step: 1, firstRow: 0))
        outputs = (0..<weights.count).map { results[$0] }
        #expect((0..<weights.count).allSatisfy { evaluated.pointer[$0] == results[$0] }, "evaluation gives the same")
        executor.outputGradient.update(from: weights.pointer, count: weights.count)
        gradients = FloatBuffer(count: network.layout.count)
        for place in 0..<gradients.count { gradients.pointer[place] = .nan }
        executor.backward(parameters: parameters.pointer, gradients: gradients.pointer) { _ in }
    }

    private static func fill(_ values: UnsafeMutablePointer<Float>, _ count: Int, stream: UInt32, bound: Float) {
        RandomStream(seed: 77, stream: stream).fill(values, count: count, low: -bound, high: bound)
    }
}
