/// Values side by side along one dimension; all others are the same. `torch.cat`.
public struct Concatenation: Operation {
    public let inputShapes: [Shape]
    public let axis: Int
    public let outputShape: Shape
    private let blocks: AxisBlocks

    public init(_ shapes: [Shape], axis: Int) {
        precondition(!shapes.isEmpty, "nothing to concatenate")
        var dimensions = shapes[0].dimensions
        precondition(dimensions.indices.contains(axis), "\(shapes[0]) has no dimension \(axis)")
        for shape in shapes.dropFirst() {
            precondition(Self.fits(shapes[0], shape, axis: axis), "\(shape) does not fit \(shapes[0]) along \(axis)")
            dimensions[axis] += shape.dimensions[axis]
        }
        inputShapes = shapes
        self.axis = axis
        outputShape = Shape(dimensions)
        blocks = AxisBlocks(outputShape, axis: axis)
    }

    /// Whether the shapes differ in no dimension but `axis`.
    public static func fits(_ one: Shape, _ other: Shape, axis: Int) -> Bool {
        one.dimensions.count == other.dimensions.count
            && one.dimensions.indices.allSatisfy { $0 == axis || one.dimensions[$0] == other.dimensions[$0] }
    }

    public func forward(_ pass: ForwardPass) {
        forEachInput { index, length, offset, stride in
            AxisBlocks.copy(
                blocks: pass.rows * blocks.count, length: length, from: pass.input(index), stride: length,
                to: pass.output + offset, stride: stride)
        }
    }

    public func backward(_ pass: BackwardPass) {
        forEachInput { index, length, offset, stride in
            guard let gradient = pass.inputGradient(index) else { return }
            AxisBlocks.copy(
                blocks: pass.rows * blocks.count, length: length, from: pass.outputGradient + offset, stride: stride,
                to: gradient, stride: length)
        }
    }

    /// Each input with the floats of one of its blocks, where they lie in a block of the output, and that one's length.
    private func forEachInput(_ body: (_ index: Int, _ length: Int, _ offset: Int, _ stride: Int) -> Void) {
        let stride = outputShape.dimensions[axis] * blocks.step
        var offset = 0
        for (index, shape) in inputShapes.enumerated() {
            let length = shape.dimensions[axis] * blocks.step
            body(index, length, offset, stride)
            offset += length
        }
    }
}
