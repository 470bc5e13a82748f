import CKernels

/// The mean over the positions of a sequence (positions x width). With the ids of the positions as a second input, only
/// those that are no padding, which is -1, count; a sequence of padding alone gives zeroes.
public struct MeanPositions: Operation {
    public let inputShapes: [Shape]
    public let outputShape: Shape
    private let positions: Int
    private let width: Int

    public init(_ shape: Shape, hasPadding: Bool = false) {
        precondition(shape.dimensions.count == 2, "a sequence is positions x width, got \(shape)")
        positions = shape.dimensions[0]
        width = shape.dimensions[1]
        inputShapes = hasPadding ? [shape, [positions]] : [shape]
        outputShape = [width]
    }

    public func forward(_ pass: ForwardPass) {
        let ids = inputShapes.count == 2 ? pass.input(1) : nil
        for row in 0..<pass.rows {
            let output = pass.output + row * width
            output.update(repeating: 0, count: width)
            for position in 0..<positions where isCounted(position, of: row, ids) {
                kernels.add(output, pass.input() + (row * positions + position) * width, output, width)
            }
            kernels.scale(share(of: row, ids), output, output, width)
        }
    }

    public func backward(_ pass: BackwardPass) {
        guard let inputGradient = pass.inputGradient() else { return }
        let ids = inputShapes.count == 2 ? pass.input(1) : nil
        if ids != nil { pass.inputGradient(1)?.update(repeating: 0, count: pass.rows * positions) }
        for row in 0..<pass.rows {
            let share = share(of: row, ids)
            for position in 0..<positions {
                let factor = isCounted(position, of: row, ids) ? share : 0
                kernels.scale(
                    factor, pass.outputGradient + row * width, inputGradient + (row * positions + position) * width,
                    width)
            }
        }
    }

    private func isCounted(_ position: Int, of row: Int, _ ids: UnsafePointer<Float>?) -> Bool {
        ids.map { $0[row * positions + position] != -1 } ?? true
    }

    /// 1 / the number of positions that count.
    private func share(of row: Int, _ ids: UnsafePointer<Float>?) -> Float {
        let count = (0..<positions).count { isCounted($0, of: row, ids) }
        return count == 0 ? 0 : 1 / Float(count)
    }
}
