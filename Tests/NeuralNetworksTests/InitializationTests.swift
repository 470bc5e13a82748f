import NeuralNetworks
import Tensors
import Testing

struct InitializationTests {
    /// Mean, standard deviation and largest magnitude of a layer's weight, and the largest magnitude of its bias.
    private func start(
        _ layer: LayerSpecification, input: [Int], model: WeightInitialization = WeightInitialization(.standard)
    ) throws -> (mean: Double, deviation: Double, largest: Double, bias: Double) {
        let network = try Network(
            ModelSpecification(
                family: .cnn, task: .regression, input: input, outputs: 2, layers: [layer, .flatten],
                initialization: model))
        let parameters = FloatBuffer(count: network.layout.count)
        network.initialize(parameters.pointer, seed: 3)
        func values(_ name: String) throws -> [Double] {
            try #require(network.layout.entry(named: name)).range.map { Double(parameters.pointer[$0]) }
        }
        let weight = try values("0.weight")
        let mean = weight.reduce(0, +) / Double(weight.count)
        let variance = weight.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(weight.count)
        return (
            mean, variance.squareRoot(), weight.map(\.magnitude).max() ?? 0,
            try values("0.bias").map(\.magnitude).max() ?? 0
        )
    }

    private func linear(_ rule: WeightInitialization.Rule, std: Double? = nil) -> LayerSpecification {
        var settings: [String: LayerValue] = ["outputs": .integer(100), "initialization": .text(rule.rawValue)]
        settings["std"] = std.map(LayerValue.number)
        return LayerSpecification("linear", settings)
    }

    /// 300 inputs and 100 outputs, so figures that are mixed up show.
    @Test(arguments: [
        (WeightInitialization.Rule.xavierUniform, (6 / 400.0).squareRoot(), true),
        (.heUniform, (6 / 300.0).squareRoot(), true), (.xavierNormal, (2 / 400.0).squareRoot(), false),
        (.heNormal, (2 / 300.0).squareRoot(), false), (.normal, 0.02, false),
    ])
    func rules(_ rule: WeightInitialization.Rule, _ figure: Double, _ isBound: Bool) throws {
        let start = try start(linear(rule), input: [300])
        let deviation = isBound ? figure / 3.0.squareRoot() : figure
        #expect(abs(start.mean) < 0.02 * deviation)
        #expect(abs(start.deviation / deviation - 1) < 0.02)
        if isBound {
            #expect(start.largest <= figure && start.largest > 0.99 * figure)
        } else {
            // The largest of 30,000 normal numbers.
            #expect(start.largest > 3.5 * deviation && start.largest < 6 * deviation)
        }
        #expect(start.bias == 0)
    }

    @Test func kernelsCountInTheFans() throws {
        let conv = LayerSpecification(
            "conv2d",
            [
                "channels": .integer(32), "kernel": .integers([3, 5]), "groups": .integer(2),
                "initialization": .text("xavier_normal"),
            ])
        // PyTorch: fan in 8 / 2 x 15, fan out 32 x 15.
        let expected = (2 / Double(60 + 480)).squareRoot()
        #expect(abs(try start(conv, input: [8, 6, 6]).deviation / expected - 1) < 0.05)
    }

    @Test func theModelsRuleIsForLayersWithoutTheirOwn() throws {
        let zeros = WeightInitialization(.zeros)
        #expect(try start(.linear(outputs: 9), input: [7], model: zeros).largest == 0)
        #expect(try start(.linear(outputs: 9), input: [7], model: zeros).bias == 0)
        #expect(try start(linear(.normal, std: 3), input: [300], model: zeros).deviation > 2.9)
        #expect(try start(linear(.standard), input: [300], model: zeros).bias > 0)
    }

    @Test func aDeviationWithoutARuleIsRefused() {
        #expect {
            try start(LayerSpecification("linear", ["outputs": .integer(2), "std": .number(1)]), input: [3])
        } throws: {
            "\($0)" == "layers[0] (linear): std must be left out without the initialization normal, got 1.0"
        }
    }
}
