import CKernels

/// y = f(x), element by element, for functions whose derivative needs x.
public struct Pointwise: Operation {
    public let shape: Shape
    public let function: PointFunction

    public init(_ shape: Shape, _ function: PointFunction) {
        self.shape = shape
        self.function = function
    }

    public var inputShapes: [Shape] { [shape] }
    public var outputShape: Shape { shape }

    public func forward(_ pass: ForwardPass) {
        kernels.function_forward(
            function.kernel, function.slope, pass.input(), pass.output, pass.rows * shape.count)
    }

    public func backward(_ pass: BackwardPass) {
        guard let inputGradient = pass.inputGradient() else { return }
        kernels.function_backward(
            function.kernel, function.slope, pass.input(), pass.outputGradient, inputGradient,
            pass.rows * shape.count)
    }
}
