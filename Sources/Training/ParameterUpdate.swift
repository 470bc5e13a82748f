import NeuralNetworks
import Tensors

/// Makes new parameters from the gradient of a batch, which comes in ranges, and measures its norm on the way.
///
/// Where an update may be scaled or passed over as a whole, nothing is changed before the last range is measured.
/// Otherwise each range is updated as soon as it comes, while others are still on their way.
final class ParameterUpdate {
    private let optimizer: Optimizer
    private let blocks: GradientBlocks
    private let parameters: FloatBuffer
    /// For each block, of the gradient as it came.
    private var squares: [Double]

    init(_ optimizer: Optimizer, layout: ParameterLayout, parameters: FloatBuffer) {
        self.optimizer = optimizer
        self.parameters = parameters
        blocks = GradientBlocks(layout)
        squares = Array(repeating: 0, count: blocks.ranges.count)
    }

    /// Takes the norm of a range.
    func measure(_ range: Range<Int>, of gradient: FloatBuffer) {
        for index in blocks.indices(in: range) { measure(block: index, of: gradient) }
    }

    /// Takes the norm of a range and updates its parameters, up to the first number that is none.
    func measureAndApply(_ range: Range<Int>, of gradient: FloatBuffer, step: Optimizer.Step) {
        for index in blocks.indices(in: range) {
            measure(block: index, of: gradient)
            guard squares[index].isFinite else { return measure(range, of: gradient) }
            apply(blocks.ranges[index], of: gradient, step: step)
        }
    }

    /// Updates all parameters.
    func apply(_ gradient: FloatBuffer, step: Optimizer.Step) {
        guard let last = blocks.ranges.last else { return }
        apply(0..<last.upperBound, of: gradient, step: step)
    }

    /// The Euclidean norm of the whole gradient as it came. Valid once every range was measured.
    var norm: Double { squares.reduce(0, +).squareRoot() }

    private func measure(block index: Int, of gradient: FloatBuffer) {
        let range = blocks.ranges[index]
        squares[index] = OptimizerKernels.sumOfSquares(gradient.pointer + range.lowerBound, count: range.count)
    }

    private func apply(_ range: Range<Int>, of gradient: FloatBuffer, step: Optimizer.Step) {
        optimizer.update(
            parameters: parameters.pointer, gradients: gradient.pointer, range: range, step: step)
    }
}
