/// A part of a value along one dimension; `torch.narrow`.
public struct Section: Operation {
    public let inputShape: Shape
    public let axis: Int
    public let range: Range<Int>
    public let outputShape: Shape
    private let blocks: AxisBlocks

    public init(_ inputShape: Shape, axis: Int, range: Range<Int>) {
        precondition(inputShape.dimensions.indices.contains(axis), "\(inputShape) has no dimension \(axis)")
        precondition(
            !range.isEmpty && range.lowerBound >= 0 && range.upperBound <= inputShape.dimensions[axis],
            "\(range) is no part of dimension \(axis) of \(inputShape)")
        self.inputShape = inputShape
        self.axis = axis
        self.range = range
        var dimensions = inputShape.dimensions
        dimensions[axis] = range.count
        outputShape = Shape(dimensions)
        blocks = AxisBlocks(inputShape, axis: axis)
    }

    public var inputShapes: [Shape] { [inputShape] }

    /// Floats of one block of the input.
    private var stride: Int { inputShape.dimensions[axis] * blocks.step }
    private var offset: Int { range.lowerBound * blocks.step }
    private var length: Int { range.count * blocks.step }

    public func forward(_ pass: ForwardPass) {
        AxisBlocks.copy(
            blocks: pass.rows * blocks.count, length: length, from: pass.input() + offset, stride: stride,
            to: pass.output, stride: length)
    }

    public func backward(_ pass: BackwardPass) {
        guard let gradient = pass.inputGradient() else { return }
        gradient.update(repeating: 0, count: pass.rows * inputShape.count)
        AxisBlocks.copy(
            blocks: pass.rows * blocks.count, length: length, from: pass.outputGradient, stride: length,
            to: gradient + offset, stride: stride)
    }
}
