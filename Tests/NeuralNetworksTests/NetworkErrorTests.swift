import NeuralNetworks
import Testing

/// Each mistake in a specification gets an error that names the layer, what it needs and what came.
struct NetworkErrorTests {
    private func message(
        _ layers: [LayerSpecification], input: [Int] = [1, 8, 8], family: ModelSpecification.Family = .cnn,
        task: ModelSpecification.Task = .classification, outputs: Int = 3
    ) -> String {
        let specification = ModelSpecification(
            family: family, task: task, input: input, outputs: outputs, layers: layers)
        do {
            _ = try Network(specification)
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    private let conv = LayerSpecification.conv2d(channels: 4, kernel: 3, stride: 1, padding: 1, bias: true)

    @Test func aLinearLayerNeedsAFlatInput() {
        #expect(
            message([conv, .relu, .linear(outputs: 5, bias: true)])
                == "layers[2] (linear) needs [features] or [positions, features], but the layers before it give [4, 8, 8]; "
                + "put a flatten layer before it")
        #expect(message([conv]).hasPrefix("the head (linear) needs [features]"))
    }

    @Test func aConvolutionNeedsAnImage() {
        #expect(
            message([.flatten, conv]).hasPrefix(
                "layers[1] (conv2d) needs an image, [channels, height, width], but the layers before it give [64];"))
        #expect(
            message([.maxPool2d(size: 2, stride: 2)], input: [7]).hasPrefix("layers[0] (max_pool2d) needs an image"))
    }

    @Test func aWindowMustFitIntoTheImage() {
        let tooLarge = LayerSpecification.conv2d(channels: 4, kernel: 11, stride: 1, padding: 1, bias: true)
        #expect(
            message([tooLarge])
                == "layers[0] (conv2d) needs an image of at least 9 x 9, but the layers before it give [1, 8, 8]; "
                + "make its kernel smaller or leave out a layer that shrinks what comes before")
        let pools = [LayerSpecification](repeating: .maxPool2d(size: 2, stride: 2), count: 4)
        #expect(message(pools).hasPrefix("layers[3] (max_pool2d) needs an image of at least 2 x 2"))
        #expect(message(pools).contains("give [1, 1, 1]; make its size smaller"))
    }

    @Test func figuresMustBeInRange() {
        #expect(message([.linear(outputs: 0, bias: true)], input: [4]).hasPrefix("layers[0] (linear): outputs must be"))
        let cases: [(LayerSpecification, String)] = [
            (
                .conv2d(channels: 0, kernel: 3, stride: 1, padding: 1, bias: true),
                "channels must be an integer from 1 to 1048576"
            ),
            (
                .conv2d(channels: 1, kernel: -3, stride: 1, padding: 1, bias: true),
                "kernel must be an integer from 1 to 1048576"
            ),
            (
                .conv2d(channels: 1, kernel: 3, stride: 0, padding: 1, bias: true),
                "stride must be an integer from 1 to 1048576"
            ),
            (
                .conv2d(channels: 1, kernel: 3, stride: 1, padding: -2, bias: true),
                "padding must be an integer from 0 to 1048576, or two of them, [height, width], got -2"
            ),
            (.maxPool2d(size: 3, padding: 2), "padding must be at most half the size, got 2"),
            (
                .conv2d(channels: 4, groups: 3), "groups must be a divisor of the 4 channels, got 3"
            ),
            (
                .conv2d(channels: 4, groups: 2),
                "needs a number of channels that 2 groups divide, but the layers before it give [1, 8, 8]"
            ),
            (
                .conv1d(channels: 4), "needs a line, [channels, length], but the layers before it give [1, 8, 8]"
            ),
            (.maxPool2d(size: 0, stride: 1), "size must be an integer from 1 to 1048576"),
            (.dropout(probability: 1), "probability must be a number from 0.0 to below 1.0, got 1.0"),
            (.dropout(probability: .nan), "probability must be a number from 0.0 to below 1.0, got nan"),
        ]
        for (layer, expected) in cases {
            #expect(message([layer, .flatten]).contains(expected))
        }
    }

    @Test func theHeadMustFitTheTask() {
        let expected = "a network for binary must have 1 output, the logit of class 1, got 2"
        #expect(message([], input: [3], family: .logistic, task: .binary, outputs: 2) == expected)
        #expect(message([.flatten], outputs: 1).contains("an output for each of at least 2 classes, got 1"))
        #expect(message([.flatten], task: .regression, outputs: 0).contains("at least 1 output, got 0"))
    }

    @Test(arguments: [[], [0], [-1, 2, 3], [1, 2, 3, 4], [1 << 40]])
    func theInputMustBeAShape(_ shape: [Int]) {
        #expect(
            message([], input: shape).hasPrefix(
                "the input must be [features], [positions, features] or [channels, height, width] with sizes from 1 to "
                    + "1048576, got"))
    }

    @Test func theInputHasSoManyNumbers() {
        #expect(
            message([], input: [1 << 15, 1 << 15, 1 << 15])
                == "the input [32768, 32768, 32768] has 35184372088832 numbers, more than the 2147483647 that fit; make it "
                + "smaller")
    }

    @Test func layersInContainersAreNamedByTheirPath() {
        let block = LayerSpecification.residual([.relu, .sequential([.linear(outputs: 5), conv])])
        #expect(
            message([.relu, block, .flatten], input: [4], family: .mlp).hasPrefix(
                "layers[1].residual.layers[1].sequential.layers[1] (conv2d) needs an image"))
        #expect(
            message([.residual([.linear(outputs: 5)])], input: [4], family: .mlp).hasPrefix(
                "layers[0] (residual) needs a branch that ends in the shape of the shortcut, [4], but"))
        #expect(
            message([.residual([LayerSpecification("linear", ["outputs": .integer(4), "slope": .number(1)])])])
                == "layers[0].residual.layers[0] (linear): slope must be one of outputs, bias, initialization, std, got slope"
        )
        #expect(message([LayerSpecification("rleu")]) == "layers[0] (rleu): there is no layer 'rleu'")
        #expect(
            message([LayerSpecification("linear")])
                == "layers[0] (linear): outputs must be an integer from 1 to 1048576, got nothing")
    }

    @Test func aFreeListMustEndInTheOutputs() {
        #expect(
            message([.linear(outputs: 4), .softmax], input: [6], family: .sequential)
                == "the last layer gives [4], but the network must have 3 outputs in the last dimension; "
                + "end with a linear layer of 3")
        #expect(message([.linear(outputs: 3), .softmax], input: [6], family: .sequential) == "no error")
        #expect(message([.linear(outputs: 3)], input: [5, 6], family: .sequential) == "no error")
    }

    @Test func thereMustBeSomethingToLearn() {
        let lists: [[LayerSpecification]] = [
            [], [.relu], [.flatten], [.dropout(probability: 0.5), .residual([.tanh])],
        ]
        for layers in lists {
            #expect(
                message(layers, input: [3], family: .sequential)
                    == "no layer has parameters to learn; add one that has, such as linear")
        }
    }

    @Test func linearFamiliesHaveNoLayers() {
        #expect(
            message([.relu], family: .linear, task: .regression)
                == "the family linear has no layers before its head, got 1; use mlp or cnn for more layers")
    }

    @Test func tensorsThatCannotBeAddressedAreRefused() {
        let million = 1 << 20
        #expect(
            message([.linear(outputs: million, bias: true)], input: [million], family: .mlp)
                == "layers[0] (linear) would need 1048576 x 1048576 numbers in one tensor, more than the 2147483647 that "
                + "fit; make it smaller")
        let wide = LayerSpecification.conv2d(channels: million, kernel: 1, stride: 1, padding: 0, bias: true)
        #expect(message([wide, wide, .flatten], input: [1, 64, 64]).contains("would need"))
    }
}
