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
    private let cosines: [Float]
    private let sines: [Float]

    public init(_ shape: Shape, heads: Int, headWidth: Int, base: Double = 10000) {
        precondition(shape.dimensions.count == 2, "a sequence is positions x width, got \(shape)")
        precondition(headWidth.isMultiple(of: 2), "an odd head of width \(headWidth) has no pairs")
        precondition(
            heads * headWidth <= shape.dimensions[1], "\(shape) has no room for \(heads) heads of \(headWidth)")
        self.shape = shape
        self.heads = heads
        self.headWidth = headWidth
        let half = headWidth / 2
        let angles = (0..<shape.dimensions[0] * half).map { place in
            Double(place / half) / pow(base, Double(2 * (place % half)) / Double(headWidth))
        }
        cosines = angles.map { Float(cos($0)) }
        sines = angles.map { Float(sin($0)) }
    }

    public var inputShapes: [Shape] { [shape] }
    public var outputShape: Shape { shape }

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
