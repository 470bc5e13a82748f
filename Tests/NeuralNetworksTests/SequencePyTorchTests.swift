import NeuralNetworks
import Tensors
import Testing

/// Layers on sequences equal to PyTorch: names and shapes of the parameters, outputs and all gradients.
struct SequencePyTorchTests {
    @Test(arguments: try Fixture.load("sequences", as: [SequenceFixture].self))
    func networks(_ fixture: SequenceFixture) throws {
        let bench = try SequenceBench(
            layers: fixture.layers, input: fixture.input, width: fixture.width, rows: fixture.rows,
            bound: fixture.bound, inputs: fixture.inputs)
        let entries = bench.network.layout.entries
        #expect(Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.shape) }) == fixture.shapes)
        expectEqual(bench.outputs, fixture.outputs, "output", tolerance: fixture.tolerance)
        for entry in entries {
            expectEqual(
                bench.gradients.pointer + entry.offset, try #require(fixture.gradients[entry.name]), entry.name,
                tolerance: fixture.tolerance)
        }
    }

    @Test func theTransformerOfAttentionIsAllYouNeed() throws {
        let fixture = try Fixture.load("transformer", as: SequenceFixture.Large.self)
        let bench = try SequenceBench(
            layers: [fixture.layer], input: fixture.input, width: fixture.input[1], rows: fixture.rows,
            bound: fixture.bound, inputs: nil)
        let layout = bench.network.layout
        #expect(layout.parameterCount == fixture.parameters)
        #expect(Set(layout.entries.map(\.name)) == Set(fixture.gradientNorms.keys))
        let sampled = stride(from: 0, to: bench.outputs.count, by: 97).map { bench.outputs[$0] }
        expectEqual(sampled, fixture.outputs, "output", tolerance: 1e-4)
        for entry in layout.entries {
            let gradient = UnsafeBufferPointer(start: bench.gradients.pointer + entry.offset, count: entry.count)
            let norm = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            let expected = try #require(fixture.gradientNorms[entry.name])
            #expect(abs(norm - expected) <= 1e-4 * expected, "\(entry.name): \(norm), not \(expected)")
        }
    }
}
