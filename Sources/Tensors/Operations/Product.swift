/// a b, element by element: gates, masks, and the inner products of two towers.
///
/// da = dy b, db = dy a.
public struct Product: Operation {
    public let shape: Shape

    public init(_ shape: Shape) {
        self.shape = shape
    }

    public var inputShapes: [Shape] { [shape, shape] }
    public var outputShape: Shape { shape }

    public func forward(_ pass: ForwardPass) {
        Self.multiply(pass.input(0), pass.input(1), into: pass.output, count: pass.rows * shape.count)
    }

    public func backward(_ pass: BackwardPass) {
        let count = pass.rows * shape.count
        let gradient = UnsafePointer(pass.outputGradient)
        if let first = pass.inputGradient(0) { Self.multiply(gradient, pass.input(1), into: first, count: count) }
        if let second = pass.inputGradient(1) { Self.multiply(gradient, pass.input(0), into: second, count: count) }
    }

    private static func multiply(
        _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, into products: UnsafeMutablePointer<Float>,
        count: Int
    ) {
        for index in 0..<count { products[index] = left[index] * right[index] }
    }
}
