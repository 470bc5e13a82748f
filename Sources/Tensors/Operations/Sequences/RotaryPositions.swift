import CKernels
import Foundation

/// Turns queries and keys by angles that grow with their position, so that their products depend on distances only
/// (Su et al., "RoFormer", 2021): within a head of width w, the pair (i, i + w / 2) of position t by the angle
/// t / 10000^(2i / w). The pairs are those of GPT-NeoX and of Llama in Hugging Face's form.
///
/// The input is positions x columns, of which the first `heads` x w are turned, the others copied.
public struct RotaryPositions: Operation {
    public let shape: Shape
    public let heads: Int
    public let headWidth: Int
    private let turns: PositionTable

    /// - Parameter table: that of these positions and this width, where it is shared with other operations.
    public init(_ shape: Shape, heads: Int, headWidth: Int, table: PositionTable? = nil) {
        precondition(shape.dimensions.count == 2, "a sequence is positions x width, got \(shape)")
        precondition(headWidth.isMultiple(of: 2), "an odd head of width \(headWidth) has no pairs")
        precondition(
            heads * headWidth <= shape.dimensions[1], "\(shape) has no room for \(heads) heads of \(headWidth)")
        self.shape = shape
        self.heads = heads
        self.headWidth = headWidth
        turns = table ?? Self.table(positions: shape.dimensions[0], headWidth: headWidth)
        precondition(turns.count == shape.dimensions[0] * headWidth, "the table is one of other positions or heads")
    }

    /// The cosines of the angles, positions x headWidth / 2, and behind them the sines.
    public static func table(positions: Int, headWidth: Int) -> PositionTable {
        let half = headWidth / 2
        let count = positions * half
        return PositionTable(count: 2 * count) { values in
            for place in 0..<count {
                let angle = Double(place / half) / pow(10000, Double(2 * (place % half)) / Double(headWidth))
                values[place] = Float(cos(angle))
                values[count + place] = Float(sin(angle))
            }
        }
    }

    public var inputShapes: [Shape] { [shape] }
    public var outputShape: Shape { shape }
    public var table: PositionTable? { turns }

    public func forward(_ pass: ForwardPass) {
        turn(direction: 1, from: pass.input(), to: pass.output, rows: pass.rows)
    }

    public func backward(_ pass: BackwardPass) {
        guard let inputGradient = pass.inputGradient() else { return }
        turn(direction: -1, from: pass.outputGradient, to: inputGradient, rows: pass.rows)
    }

    private func turn(
        direction: Float, from source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, rows: Int
    ) {
        let (positions, stride) = (shape.dimensions[0], shape.dimensions[1])
        let turned = heads * headWidth
        let cosines = turns.values.pointer
        let sines = cosines + positions * (headWidth / 2)
        for place in 0..<rows * positions where turned < stride {
            (target + place * stride + turned).update(from: source + place * stride + turned, count: stride - turned)
        }
        for row in 0..<rows {
            kernels.rotate_heads(
                cosines, sines, direction, source + row * shape.count, target + row * shape.count, positions, heads,
                headWidth, stride)
        }
    }
}
