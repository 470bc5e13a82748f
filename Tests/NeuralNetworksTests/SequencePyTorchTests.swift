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
        expectEqual(bench.outputs, fixture.outputs, "output")
        for entry in entries {
            expectEqual(
                bench.gradients.pointer + entry.offset, try #require(fixture.gradients[entry.name]), entry.name)
        }
    }
}
