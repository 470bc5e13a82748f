import Tensors

/// ReLU, sigmoid or tanh. Behind a linear layer or a convolution it is not built at all: that layer applies it.
struct ActivationLayer: Layer {
    static let kind = "activation"
    let function: Activation

    init(_ function: Activation) {
        self.function = function
    }

    var kind: String { "\(function)" }
    var activation: Activation? { function }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        network.apply(ElementWise(network.shape, function))
    }
}
