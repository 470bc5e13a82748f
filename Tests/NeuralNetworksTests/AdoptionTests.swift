import NeuralNetworks
import Tensors
import Testing

struct AdoptionTests {
    private func network(_ widths: [Int], outputs: Int) throws -> Network {
        try Network(
            ModelSpecification(
                family: .mlp, task: .classification, input: [4], outputs: outputs,
                layers: widths.flatMap { [.linear(outputs: $0), .batchNorm, .relu] }))
    }

    private func parameters(of network: Network, seed: UInt64) -> FloatBuffer {
        let parameters = FloatBuffer(count: network.layout.count)
        network.initialize(parameters.pointer, seed: seed)
        return parameters
    }

    @Test func whatHasTheSameNameAndShapeIsTakenOver() throws {
        let base = try network([5, 6], outputs: 3)
        let learned = parameters(of: base, seed: 1)
        let network = try network([5], outputs: 2)
        let own = parameters(of: network, seed: 2)
        let before = own.copy()
        let adoption = try network.adopt(base.layout, learned.pointer, into: own.pointer)
        #expect(
            adoption.adopted == [
                "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked",
            ])
        #expect(adoption.reshaped.map(\.name) == ["3.weight", "3.bias"])
        #expect(adoption.reshaped[0].base == [6, 5] && adoption.reshaped[0].own == [2, 5])
        #expect(adoption.missing == [])
        #expect(adoption.unused.first == "4.weight")
        for entry in network.layout.entries {
            let source = adoption.adopted.contains(entry.name) ? (base.layout, learned) : (network.layout, before)
            let place = try #require(source.0.entry(named: entry.name)).offset
            for index in 0..<entry.count {
                #expect(own.pointer[entry.offset + index] == source.1.pointer[place + index])
            }
        }
    }

    @Test func aBaseWithNothingInCommonIsRefused() throws {
        let base = try network([7], outputs: 5)
        let network = try Network(.mlp([], inputs: 9, outputs: 2))
        let own = parameters(of: network, seed: 2)
        #expect {
            try network.adopt(base.layout, parameters(of: base, seed: 1).pointer, into: own.pointer)
        } throws: {
            "\($0)"
                == "no parameter of the base has the shape of the one of its name in the network: 0.weight ([7, 4] there, "
                + "[2, 9] here), 0.bias ([7] there, [2] here)"
        }
        var other = ParameterLayout()
        other.append(name: "encoder.weight", shape: Shape([3, 4]))
        let values = FloatBuffer(count: other.count)
        #expect {
            try network.adopt(other, values.pointer, into: own.pointer)
        } throws: {
            "\($0)" == "no parameter of the base has the name and shape of one of the network: the network begins with "
                + "0.weight [2, 9], the base with encoder.weight [3, 4]"
        }
    }
}
