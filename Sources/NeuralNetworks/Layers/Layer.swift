import Tensors

/// One kind of layer: checks that it fits, and adds its operations to the graph.
///
/// To add a kind: a case of `LayerSpecification`, a file here with a type of this protocol, and its line in
/// `LayerSpecification.layer`.
protocol Layer {
    /// As in the job file.
    static var kind: String { get }

    /// An activation is applied by the linear layer or convolution before it, if there is one; this tells it which.
    var activation: Activation? { get }

    func build(into network: inout NetworkBuilder) throws(NetworkError)
}

extension Layer {
    var kind: String { Self.kind }
    var activation: Activation? { nil }
}

extension LayerSpecification {
    /// The registry of layers.
    var layer: any Layer {
        switch self {
        case .linear(let outputs, let bias): LinearLayer(outputs: outputs, hasBias: bias)
        case .conv2d(let channels, let kernel, let stride, let padding, let bias):
            Conv2dLayer(channels: channels, kernel: kernel, stride: stride, padding: padding, hasBias: bias)
        case .maxPool2d(let size, let stride): MaxPool2dLayer(size: size, stride: stride)
        case .relu: ActivationLayer(.relu)
        case .sigmoid: ActivationLayer(.sigmoid)
        case .tanh: ActivationLayer(.tanh)
        case .softmax: SoftmaxLayer()
        case .flatten: FlattenLayer()
        case .dropout(let probability): DropoutLayer(probability: probability)
        }
    }
}
