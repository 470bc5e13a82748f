import NeuralNetworks
import Tensors
import Testing

struct NetworkTests {
    @Test func parametersAreNamedAsInATorchSequential() throws {
        let network = try Network(.smallImages)
        #expect(
            network.layout.entries.map(\.name) == [
                "0.weight", "0.bias", "3.weight", "7.weight", "7.bias", "9.weight", "9.bias",
            ])
        #expect(network.layout.entry(named: "0.weight")?.shape == [3, 1, 3, 3])
        #expect(network.layout.entry(named: "3.weight")?.shape == [5, 3, 3, 3])
        #expect(network.layout.entry(named: "9.weight")?.shape == [4, 7])
        #expect(network.inputCount == 64)
        #expect(network.outputCount == 4)
    }

    @Test func parameterCountsOfKnownNetworks() throws {
        #expect(try Network(.mlp([64, 64], inputs: 100, outputs: 10)).layout.parameterCount == 11_274)
        #expect(try Network(.mlp([64, 64], inputs: 100, outputs: 1, task: .binary)).layout.parameterCount == 10_689)
        #expect(try Network(.mlp([512, 512], inputs: 784, outputs: 10)).layout.parameterCount == 669_706)
    }

    @Test func startingValuesHaveTorchsDistributionAndTheSeedsNumbers() throws {
        let network = try Network(.mlp([300], inputs: 400, outputs: 10))
        func start(_ seed: UInt64) -> [Float] {
            let buffer = FloatBuffer(count: network.layout.count)
            for index in 0..<buffer.count { buffer.pointer[index] = .nan }
            network.initialize(buffer.pointer, seed: seed)
            return (0..<buffer.count).map { buffer.pointer[$0] }
        }
        let values = start(1)
        #expect(values == start(1))
        #expect(values != start(2))
        let weight = try #require(network.layout.entry(named: "0.weight"))
        let drawn = values[weight.range].map(Double.init)
        let bound = 1 / 400.0.squareRoot()
        let mean = drawn.reduce(0, +) / Double(drawn.count)
        let variance = drawn.reduce(0) { $0 + $1 * $1 } / Double(drawn.count)
        #expect(drawn.allSatisfy { abs($0) <= bound })
        #expect(abs(mean) < 0.01 * bound)
        #expect(abs(variance / (bound * bound / 3) - 1) < 0.02)
        let bias = try #require(network.layout.entry(named: "2.bias"))
        let biasBound = 1 / Float(300).squareRoot()
        #expect(values[bias.range].allSatisfy { abs($0) <= biasBound && $0 != 0 })
        #expect(values[bias.range.upperBound...].allSatisfy { $0 == 0 })
    }
}
