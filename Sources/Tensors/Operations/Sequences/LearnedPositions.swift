import CKernels

/// x (positions x width) + the first rows of a table (maximum positions x width). Parameter: the table, as in PyTorch's
/// `nn.Embedding` of the positions.
public struct LearnedPositions: Operation {
    public let shape: Shape
    public let maximumPositions: Int

    public init(_ shape: Shape, maximumPositions: Int) {
        precondition(shape.dimensions.count == 2, "a sequence is positions x width, got \(shape)")
        precondition(shape.dimensions[0] <= maximumPositions, "\(shape) has more than \(maximumPositions) positions")
        self.shape = shape
        self.maximumPositions = maximumPositions
    }

    public var inputShapes: [Shape] { [shape] }
    public var outputShape: Shape { shape }
    public var parameterShapes: [Shape] { [[maximumPositions, shape.dimensions[1]]] }

    public func forward(_ pass: ForwardPass) {
        let count = shape.count
        for row in 0..<pass.rows {
            kernels.add(pass.input() + row * count, pass.parameter(0), pass.output + row * count, count)
        }
    }

    public func backward(_ pass: BackwardPass) {
        let count = shape.count
        let table = pass.parameterGradient(0)
        table.update(from: pass.outputGradient, count: count)
        for row in 1..<max(pass.rows, 1) { kernels.add(table, pass.outputGradient + row * count, table, count) }
        (table + count).update(repeating: 0, count: maximumPositions * shape.dimensions[1] - count)
        pass.inputGradient()?.update(from: pass.outputGradient, count: pass.rows * count)
    }
}
