import CKernels

/// Softmax over the last dimension: e^(x - max) / sum of them.
public struct Softmax: Operation {
    public let shape: Shape
    private let columns: Int

    public init(_ shape: Shape) {
        self.shape = shape
        self.columns = shape.dimensions.last ?? 1
    }

    public var inputShapes: [Shape] { [shape] }
    public var outputShape: Shape { shape }

    public func forward(_ pass: ForwardPass) {
        kernels.softmax_forward(pass.input(), pass.output, pass.rows * shape.count / columns, columns)
    }

    public func backward(_ pass: BackwardPass) {
        guard let inputGradient = pass.inputGradient() else { return }
        kernels.softmax_backward(
            pass.output, pass.outputGradient, inputGradient, pass.rows * shape.count / columns, columns)
    }
}
