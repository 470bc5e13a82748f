import NeuralNetworks
import Tensors

/// Makes new parameters from the gradient of a batch, which comes in ranges, and measures its norm on the way.
///
/// Where an update may be scaled or passed over as a whole, nothing is changed before the last range is measured.
/// Otherwise each range is updated as soon as it comes, while others are still on their way.
final class ParameterUpdate {
    private let network: Network
    private let optimizer: Optimizer
    private let blocks: GradientBlocks
    private let parameters: FloatBuffer
    /// For each block, of the gradient as it came.
    private var squares: [Double]

    init(_ optimizer: Optimizer, network: Network, parameters: FloatBuffer) {
        self.optimizer = optimizer
        self.network = network
        self.parameters = parameters
        blocks = GradientBlocks(network.layout, learned: network.learnedRanges)
        squares = Array(repeating: 0, count: blocks.ranges.count)
    }

    /// Takes the norm of a range.
    func measure(_ range: Range<Int>, of gradient: FloatBuffer) {
        for index in blocks.indices(in: range) { measure(block: index, of: gradient) }
    }

    /// Takes the norm of a range and updates its parameters, but not from numbers that are none.
    func measureAndApply(_ range: Range<Int>, of gradient: FloatBuffer, step: Optimizer.Step) {
        network.update(range, parameters: parameters.pointer, gradients: gradient.pointer) { learned in
            for index in blocks.indices(in: learned) {
                measure(block: index, of: gradient)
                if squares[index].isFinite { optimize(blocks.ranges[index], of: gradient, step: step) }
            }
        }
    }

    /// Updates all parameters.
    func apply(_ gradient: FloatBuffer, step: Optimizer.Step) {
        network.update(
            0..<network.layout.count, parameters: parameters.pointer, gradients: gradient.pointer
        ) { learned in
            optimize(learned, of: gradient, step: step)
        }
    }

    /// The Euclidean norm of the whole gradient as it came. Valid once every range was measured.
    var norm: Double { squares.reduce(0, +).squareRoot() }

    private func measure(block index: Int, of gradient: FloatBuffer) {
        let range = blocks.ranges[index]
        squares[index] = OptimizerKernels.sumOfSquares(gradient.pointer + range.lowerBound, count: range.count)
    }

    private func optimize(_ range: Range<Int>, of gradient: FloatBuffer, step: Optimizer.Step) {
        optimizer.update(
            parameters: parameters.pointer, gradients: gradient.pointer, range: range, step: step)
    }
}
