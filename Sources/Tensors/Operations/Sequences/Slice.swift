/// Some of a row's floats, in a row, under a shape of their own: such as the source of a source and target that come as
/// one input.
public struct Slice: Operation {
    public let inputShape: Shape
    /// Floats from the start of a row.
    public let offset: Int
    public let outputShape: Shape

    public init(_ inputShape: Shape, from offset: Int, to outputShape: Shape) {
        precondition(offset >= 0 && offset + outputShape.count <= inputShape.count, "\(inputShape) ends before that")
        self.inputShape = inputShape
        self.offset = offset
        self.outputShape = outputShape
    }

    public var inputShapes: [Shape] { [inputShape] }

    public func forward(_ pass: ForwardPass) {
        for row in 0..<pass.rows {
            (pass.output + row * outputShape.count)
                .update(from: pass.input() + row * inputShape.count + offset, count: outputShape.count)
        }
    }

    public func backward(_ pass: BackwardPass) {
        guard let inputGradient = pass.inputGradient() else { return }
        inputGradient.update(repeating: 0, count: pass.rows * inputShape.count)
        for row in 0..<pass.rows {
            (inputGradient + row * inputShape.count + offset)
                .update(from: pass.outputGradient + row * outputShape.count, count: outputShape.count)
        }
    }
}
