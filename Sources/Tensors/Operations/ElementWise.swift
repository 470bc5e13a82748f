import CKernels

/// An activation on its own, where it does not directly follow a linear layer or a convolution.
public struct ElementWise: Operation {
    public let shape: Shape
    public let activation: Activation

    public init(_ shape: Shape, _ activation: Activation) {
        self.shape = shape
        self.activation = activation
    }

    public var inputShapes: [Shape] { [shape] }
    public var outputShape: Shape { shape }

    public func forward(_ pass: ForwardPass) {
        kernels.activation_forward(activation.kernel, pass.input(), pass.output, pass.rows * shape.count)
    }

    public func backward(_ pass: BackwardPass) {
        guard let inputGradient = pass.inputGradient() else { return }
        kernels.activation_backward(
            activation.kernel, pass.output, pass.outputGradient, inputGradient, pass.rows * shape.count)
    }
}
