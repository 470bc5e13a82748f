import NeuralNetworks
import Tensors
import Testing

struct FreezeTests {
    static let specification = ModelSpecification(
        family: .sequential, task: .classification, input: [6], outputs: 3,
        layers: [
            .linear(outputs: 5), .batchNorm, .tanh, .residual([.linear(outputs: 5), .relu]), .linear(outputs: 3),
        ])

    private func floats(_ buffer: FloatBuffer, _ range: Range<Int>) -> [Float] {
        range.map { buffer.pointer[$0] }
    }

    @Test(arguments: [
        (["0"], ["0.weight", "0.bias"]),
        (["*.bias", "1.running*"], ["0.bias", "1.bias", "3.layers.0.bias", "4.bias"]),
        (
            ["0", "1", "3.layers"],
            ["0.weight", "0.bias", "1.weight", "1.bias", "3.layers.0.weight", "3.layers.0.bias"]
        ),
        (["?.weight"], ["0.weight", "1.weight", "4.weight"]),
    ])
    func whatIsFrozenKeepsItsBytes(_ patterns: [String], _ frozen: [String]) throws {
        let free = try Workbench(Self.specification, rows: 7)
        let bench = try Workbench(Self.specification, freezing: patterns, rows: 7)
        #expect(bench.network.layout == free.network.layout)
        free.gradient()
        for index in 0..<bench.gradients.count { bench.gradients.pointer[index] = .nan }
        var end = bench.network.layout.count
        bench.gradient { range in
            #expect(range.upperBound == end)
            for index in range { #expect(bench.gradients.pointer[index].isFinite) }
            end = range.lowerBound
        }
        #expect(end == 0)

        let before = bench.parameters.copy()
        let optimizer = Optimizer(
            OptimizerSpecification(name: .adamw, learningRate: 0.1, weightDecay: 0.5),
            layout: bench.network.layout)
        bench.network.update(
            0..<bench.network.layout.count, parameters: bench.parameters.pointer, gradients: bench.gradients.pointer
        ) { range in
            optimizer.update(
                parameters: bench.parameters.pointer, gradients: bench.gradients.pointer, range: range,
                step: Optimizer.Step(number: 1, learningRate: 0.1))
        }
        for entry in bench.network.layout.entries {
            let stays =
                frozen.contains(entry.name) || (!entry.isLearned && patterns != ["0"] && patterns != ["?.weight"])
            let moved = floats(bench.parameters, entry.range) != floats(before, entry.range)
            #expect(moved != stays, "\(entry.name)")
            let gradient = floats(bench.gradients, entry.range)
            if stays { #expect(gradient.allSatisfy { $0 == 0 }, "\(entry.name)") }
            // Frozen statistics change what the layers behind compute.
            if !stays, bench.network.learnedRanges.contains(where: { $0.contains(entry.offset) }),
                !patterns.contains(where: { $0.hasPrefix("1") })
            {
                #expect(gradient == floats(free.gradients, entry.range), "\(entry.name)")
            }
        }
    }

    @Test func aPatternThatNamesNothingIsRefused() {
        #expect {
            var specification = Self.specification
            specification.freeze = ["0", "7.weight"]
            _ = try Network(specification)
        } throws: {
            "\($0)".hasPrefix("no parameter is named '7.weight'; there are 0.weight, 0.bias, 1.weight,")
        }
    }
}
