/// The two dimensions of a matrix exchanged, such as positions and features.
public struct Transpose: Operation {
    public let inputShape: Shape
    private let height: Int
    private let width: Int

    public init(_ inputShape: Shape) {
        precondition(inputShape.dimensions.count == 2, "not a matrix: \(inputShape)")
        self.inputShape = inputShape
        height = inputShape.dimensions[0]
        width = inputShape.dimensions[1]
    }

    public var inputShapes: [Shape] { [inputShape] }
    public var outputShape: Shape { [width, height] }
    public var work: Work { Work(forward: 0, backward: 0) }

    public func forward(_ pass: ForwardPass) {
        for row in 0..<pass.rows {
            let place = row * inputShape.count
            transpose(pass.input() + place, height, width, into: pass.output + place)
        }
    }

    public func backward(_ pass: BackwardPass) {
        guard let inputGradient = pass.inputGradient() else { return }
        for row in 0..<pass.rows {
            let place = row * inputShape.count
            transpose(pass.outputGradient + place, width, height, into: inputGradient + place)
        }
    }

    private func transpose(
        _ source: UnsafePointer<Float>, _ height: Int, _ width: Int, into target: UnsafeMutablePointer<Float>
    ) {
        for line in 0..<height {
            for column in 0..<width { target[column * height + line] = source[line * width + column] }
        }
    }
}
