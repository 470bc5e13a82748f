import CKernels

/// a + b, element by element: the join of a residual connection.
public struct Sum: Operation {
    public let shape: Shape

    public init(_ shape: Shape) {
        self.shape = shape
    }

    public var inputShapes: [Shape] { [shape, shape] }
    public var outputShape: Shape { shape }

    public func forward(_ pass: ForwardPass) {
        kernels.add(pass.input(0), pass.input(1), pass.output, pass.rows * shape.count)
    }

    public func backward(_ pass: BackwardPass) {
        let count = pass.rows * shape.count
        pass.inputGradient(0)?.update(from: pass.outputGradient, count: count)
        pass.inputGradient(1)?.update(from: pass.outputGradient, count: count)
    }
}
