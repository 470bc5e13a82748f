/// The same values under another shape of the same size; a view, so it costs nothing.
public struct Reshape: Operation {
    public let inputShape: Shape
    public let outputShape: Shape

    public init(_ inputShape: Shape, to outputShape: Shape) {
        precondition(inputShape.count == outputShape.count, "\(inputShape) cannot be seen as \(outputShape)")
        self.inputShape = inputShape
        self.outputShape = outputShape
    }

    public var inputShapes: [Shape] { [inputShape] }
    public var work: Work { Work(forward: 0, backward: 0) }
    public var placement: OutputPlacement { .sharesInput }

    public func forward(_ pass: ForwardPass) {}
    public func backward(_ pass: BackwardPass) {}
}
