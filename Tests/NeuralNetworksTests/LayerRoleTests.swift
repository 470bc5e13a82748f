import NeuralNetworks
import Testing

/// What follows from the declarations without any list of kinds.
struct LayerRoleTests {
    @Test func activationsAreWhatAFamilyMayPutBehindItsLayers() {
        let names = LayerKind.activations.map(\.name)
        let known = ["relu", "leaky_relu", "gelu", "silu", "sigmoid", "tanh"]
        #expect(names.filter(known.contains) == known)
        #expect(!names.contains("softmax") && !names.contains("linear"))
        #expect(LayerKind.activations.allSatisfy { $0.isCompleteAlone })
    }

    @Test(arguments: [
        (LayerSpecification.linear(outputs: 3), LayerRole.affine), (.conv1d(channels: 2), .affine),
        (.conv2d(channels: 2), .affine), (.tiedLinear, .affine), (.flatten, .passing),
        (.dropout(probability: 0.5), .passing), (.softmax, .distribution), (.sigmoid, .activation(0...1)),
        (.tanh, .activation(-1...1)), (.relu, .activation(0...Double.infinity)), (.gelu, .activation()),
        (.batchNorm, .other), (.residual([]), .other),
    ])
    func eachKindSaysWhatItDoes(_ layer: LayerSpecification, _ role: LayerRole) {
        #expect(LayerKind.named(layer.kind)?.role == role)
    }

    /// Families offer the words and take the numbers that the layer itself does.
    @Test func choicesAndRangesAreThoseOfTheSetting() {
        #expect(LayerKind.choices(of: "activation", in: "rnn") == ["tanh", "relu"])
        #expect(LayerKind.choices(of: "activation", in: "transformer_encoder") == ["relu", "gelu", "gelu_tanh"])
        #expect(LayerKind.range(of: "heads", in: "attention") == 1...4096)
        #expect(LayerKind.range(of: "layers", in: "gru") == 1...64)
    }
}
