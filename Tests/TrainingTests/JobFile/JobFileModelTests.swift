import Foundation
import NeuralNetworks
import Testing
import Training

@Suite struct JobFileModelTests {
    private func model(_ text: String) throws -> ModelSpecification {
        try JobFolder(jobText(model: text)).load().model
    }

    private func problems(_ text: String) throws -> [String] {
        try JobFolder(jobText(model: text)).problems()
    }

    @Test func linearAndLogistic() throws {
        #expect(
            try model("{ family: linear, input: 10 }")
                == ModelSpecification(family: .linear, task: .regression, input: [10], outputs: 1))
        #expect(
            try model("{ family: logistic, input: [30], classes: 2 }")
                == ModelSpecification(family: .logistic, task: .binary, input: [30], outputs: 1))
        #expect(
            try model("{ family: logistic, task: classification, input: 4, classes: 3 }")
                == ModelSpecification(family: .logistic, task: .classification, input: [4], outputs: 3))
    }

    /// Whoever builds, checks or reads layers calls itself for each one within another.
    @Test func layersWithinEachOtherAreBounded() throws {
        func nested(_ depth: Int) -> String {
            (1..<depth).reduce("relu") { inner, _ in "{ sequential: [\(inner)] }" }
        }
        func found(_ depth: Int) throws -> [String] {
            try problems("{ family: sequential, input: 4, classes: 2, layers: [\(nested(depth)), { linear: 2 }] }")
        }
        #expect(try found(32) == [])
        for depth in [33, 200] {
            let found = try found(depth)
            #expect(found.count == 1)
            #expect(found[0].hasPrefix("2:"), "\(found)")
            #expect(found[0].contains(": model.layers[0].sequential[0]"), "\(found)")
            #expect(found[0].hasSuffix("expected at most 32 layers within each other, found more"), "\(found)")
        }
    }

    @Test func layersWrittenOut() throws {
        let text = """

              family: cnn
              input: [1, 8, 8]
              classes: 10
              layers:
                - conv: { channels: 32, kernel: 5, stride: 2, padding: 1, bias: false }
                - relu
                - conv: 16
                - max_pool: { size: 2, stride: 1 }
                - max_pool: 2
                - dropout: 0.2
                - linear: 128
                - sigmoid
                - linear: { outputs: 64, bias: false }
            """
        #expect(
            try model(text).layers == [
                .conv2d(channels: 32, kernel: 5, stride: 2, padding: 1, bias: false), .relu,
                .conv2d(channels: 16, kernel: 3, stride: 1, padding: 1, bias: true),
                .maxPool2d(size: 2, stride: 1), .maxPool2d(size: 2, stride: 2), .dropout(probability: 0.2), .flatten,
                .linear(outputs: 128, bias: true), .sigmoid, .linear(outputs: 64, bias: false),
            ])
    }

    @Test func layersInShort() throws {
        #expect(
            try model("{ family: cnn, input: [1, 8, 8], classes: 10, channels: [8, 16], hidden: [32], dropout: 0.5 }")
                .layers == [
                    .conv2d(channels: 8, kernel: 3, stride: 1, padding: 1, bias: true), .relu,
                    .maxPool2d(size: 2, stride: 2),
                    .conv2d(channels: 16, kernel: 3, stride: 1, padding: 1, bias: true), .relu,
                    .maxPool2d(size: 2, stride: 2), .flatten, .linear(outputs: 32, bias: true), .relu,
                    .dropout(probability: 0.5),
                ])
        let headOnly = try model("{ family: cnn, input: [1, 4, 4], task: binary, layers: [{ conv: 2 }, tanh] }")
        #expect(headOnly.layers.last == .flatten)
        #expect(headOnly.outputs == 1)
    }

    @Test func residualNetworks() throws {
        let small = try model("{ family: resnet-small, input: [1, 8, 8], classes: 10, widths: [8, 16], blocks: 1 }")
        #expect(small.layers == LayerSpecification.resNetSmall(widths: [8, 16], blocks: 1))
        #expect(small.layers.count == 8)
        #expect(try model("{ family: resnet-small, input: [3, 32, 32], classes: 10 }").layers.count == 16)
    }

    @Test func initializationBaseAndFreeze() throws {
        let text =
            "{ family: mlp, input: 4, classes: 3, hidden: [5], initialization: he_normal, base: 'iris:2', freeze: ['0'] }"
        let mlp = try model(text)
        #expect(mlp.initialization == WeightInitialization(.heNormal))
        #expect(mlp.base == "iris:2")
        #expect(mlp.freeze == ["0"])
        #expect(
            try model("{ family: linear, input: 4, initialization: { rule: normal, std: 0.5 } }").initialization
                == WeightInitialization(.normal, std: 0.5))
        #expect(
            try problems("{ family: linear, input: 4, freeze: [7.weight] }").first?.hasSuffix(
                "model.freeze: no network can be built from it: no parameter is named '7.weight'; there are 0.weight, "
                    + "0.bias") == true)
    }

    @Test func anInputHasSoManyNumbers() throws {
        #expect(
            try problems("{ family: mlp, input: [1048576, 1048576], classes: 3, hidden: [4] }").first?.hasSuffix(
                "model.input: no network can be built from it: the input [1048576, 1048576] has 1099511627776 numbers, "
                    + "more than the 2147483647 that fit; make it smaller") == true)
    }

    @Test func rotaryPositionsNeedHeadsOfEvenWidth() throws {
        func gpt(width: Int) -> String {
            "{ family: gpt, input: [8], vocabulary: 20, width: \(width), heads: 2, layers: 1, positions: rotary }"
        }
        let found = try problems(gpt(width: 6))
        #expect(found.count == 1)
        #expect(
            found.first?.hasSuffix(
                "model.positions: rotary positions need heads of even width, and a width of 6 over 2 heads gives 3 each: "
                    + "choose a width that is an even multiple of heads") == true)
        #expect(try model(gpt(width: 8)).layers.count == 3)
    }

    @Test func freeListsAndContainers() throws {
        let text = """

              family: sequential
              input: [5, 8]
              task: regression
              outputs: 3
              layers:
                - residual:
                    - linear: 8
                    - tanh
                - residual: { layers: [{ linear: 4 }], shortcut: [{ linear: { outputs: 4, bias: false } }] }
                - sequential: [relu, { dropout: 0.5 }]
                - linear: 3
            """
        #expect(
            try model(text)
                == ModelSpecification(
                    family: .sequential, task: .regression, input: [5, 8], outputs: 3,
                    layers: [
                        .residual([.linear(outputs: 8), .tanh]),
                        .residual([.linear(outputs: 4)], shortcut: [.linear(outputs: 4, bias: false)]),
                        .sequential([.relu, .dropout(probability: 0.5)]), .linear(outputs: 3),
                    ]))
    }

    @Test(arguments: [
        (
            "{ family: mlp, input: 64, hidden: [8] }",
            "the key 'classes' is missing: expected an integer from 2 to 10000"
        ),
        ("{ family: mlp, input: 64, classes: 1, hidden: [8] }", "expected an integer from 2 to 10000, found '1'"),
        ("{ family: mlp, input: 64, classes: 3, hidden: [] }", "for none use the family linear or logistic"),
        (
            "{ family: mlp, input: 64, classes: 3, hidden: [8], dropout: 1 }",
            "expected a number from 0.0 to below 1.0, found '1'"
        ),
        ("{ family: mlp, input: 64, classes: 3, hidden: [8], activation: rel }", "did you mean 'relu'?"),
        (
            "{ family: mlp, input: [8, 8, 8, 8], classes: 3, hidden: [8] }",
            "expected the number of features, [positions, features] or [channels, height, width]"
        ),
        ("{ family: mlp, input: 0, classes: 3, hidden: [8] }", "expected an integer from 1 to 1048576, found '0'"),
        (
            "{ family: linear, input: 3, hidden: [8] }",
            "model.hidden: unknown key: known are family, task, input, classes, outputs, bias, initialization, base, freeze"
        ),
        ("{ family: linear, input: 3, classes: 2 }", "model.classes: a model for regression has no classes"),
        ("{ family: logistic, input: 3, classes: 3 }", "expected an integer from 2 to 2, found '3'"),
        (
            "{ family: linear, task: binary, input: 3 }",
            "a model of the family linear is for regression, found 'binary'"
        ),
        (
            "{ family: cnn, input: [1, 8, 8], classes: 3 }",
            "expected a list of channels, such as [32, 64], or of layers under 'layers'"
        ),
        ("{ family: cnn, input: [1, 8, 8], classes: 3, layers: [rleu] }", "did you mean 'relu'?"),
        (
            "{ family: cnn, input: [1, 8, 8], classes: 3, layers: [conv] }",
            "the layer 'conv' needs 'channels', an integer from 1 to 1048576"
        ),
        (
            "{ family: cnn, input: [1, 8, 8], classes: 3, layers: [{ cnov: 3 }] }",
            "model.layers[0].cnov: unknown key: did you mean 'conv'?"
        ),
        (
            "{ family: cnn, input: [1, 8, 8], classes: 3, layers: [{ conv: 3, linear: 3 }] }",
            "expected one layer for each '-', found 2"
        ),
        (
            "{ family: cnn, input: [1, 8, 8], classes: 3, layers: [{ conv: { channel: 3 } }] }",
            "model.layers[0].conv.channel: unknown key: did you mean 'channels'?"
        ),
        (
            "{ family: sequential, input: 8, classes: 3, layers: [{ residual: [relu, { sequential: [rleu] }] }] }",
            "did you mean 'relu'?"
        ),
        (
            "{ family: sequential, input: 8, classes: 3, layers: [{ residual: { layer: [relu] } }] }",
            "model.layers[0].residual.layer: unknown key: did you mean 'layers'?"
        ),
        (
            "{ family: sequential, input: 8, classes: 3, layers: [{ residual: [{ linear: 0 }] }] }",
            "model.layers[0].residual[0].linear: expected an integer from 1 to 1048576, found '0'"
        ),
        (
            "{ family: sequential, input: 8, classes: 3, layers: [relu] }",
            "no network can be built from it: the last layer gives [8], but the network must have 3 outputs in the "
                + "last dimension; end with a linear layer of 3"
        ),
    ])
    func badModels(text: String, ending: String) throws {
        let problems = try problems(text)
        #expect(problems.contains { $0.hasSuffix(ending) }, "\(problems)")
    }

    @Test func aNetworkThatCannotBeBuiltIsRefusedAtOnce() throws {
        let problems = try problems("{ family: cnn, input: [1, 8, 8], classes: 3, channels: [4, 4, 4, 4] }")
        #expect(problems.count == 1)
        #expect(
            problems.first?.hasPrefix("2:8: model: no network can be built from it: layers[11] (max_pool2d) needs")
                == true, "\(problems)")
    }

    @Test(arguments: ["relu", "flatten", "dropout: 0.5, softmax", ""])
    func aNetworkWithoutParametersIsRefused(layers: String) throws {
        let problems = try problems("{ family: sequential, input: 2, classes: 2, layers: [\(layers)] }")
        #expect(problems.count == 1)
        #expect(
            problems.first?.hasSuffix(
                "model.layers: no network can be built from it: no layer has parameters to learn; add one that has, such "
                    + "as linear") == true, "\(problems)")
    }
}
