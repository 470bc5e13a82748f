import CKernels
import Foundation

/// scale x (positions x width) + fixed waves: column 2i of position t gets sin(t / 10000^(2i / width)), column 2i + 1 the
/// cosine (Vaswani et al., "Attention Is All You Need", 2017, section 3.5, where the scale is sqrt(width)).
public struct SinusoidalPositions: Operation {
    public let shape: Shape
    public let scale: Float
    private let waves: PositionTable

    /// - Parameter restart: a position that counts as 0 again, as the first one of the target behind a source.
    public init(_ shape: Shape, scale: Float = 1, restart: Int? = nil) {
        precondition(shape.dimensions.count == 2, "a sequence is positions x width, got \(shape)")
        self.shape = shape
        self.scale = scale
        let (count, width) = (shape.count, shape.dimensions[1])
        waves = PositionTable(count: count) { values in
            for place in 0..<count {
                let column = place % width
                let position = place / width - (restart.map { place / width >= $0 ? $0 : 0 } ?? 0)
                let angle = Double(position) / pow(10000, Double(column / 2 * 2) / Double(width))
                values[place] = Float(column.isMultiple(of: 2) ? sin(angle) : cos(angle))
            }
        }
    }

    public var inputShapes: [Shape] { [shape] }
    public var outputShape: Shape { shape }
    public var table: PositionTable? { waves }

    public func forward(_ pass: ForwardPass) {
        let waves = waves.values.pointer
        for row in 0..<pass.rows {
            let output = pass.output + row * shape.count
            var input = pass.input() + row * shape.count
            if scale != 1 {
                kernels.scale(scale, input, output, shape.count)
                input = UnsafePointer(output)
            }
            kernels.add(input, waves, output, shape.count)
        }
    }

    public func backward(_ pass: BackwardPass) {
        guard let inputGradient = pass.inputGradient() else { return }
        kernels.scale(scale, pass.outputGradient, inputGradient, pass.rows * shape.count)
    }
}
