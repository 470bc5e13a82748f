import Collectives
import NeuralNetworks
import Tensors
import Threads

/// Makes new parameters from the gradient of a batch and measures its norm on the way, on all threads of a worker.
///
/// Each thread has a range that begins with a block of the gradient, and goes through it block by block, so that each is
/// in the cache for all that is done with it. Blocks do not depend on each other, and the norm is summed over them in
/// order: the bytes are the same for any number of threads and ranges.
final class ParameterUpdate {
    enum Action {
        /// Take the norm, of a gradient that may have to be scaled or passed over as a whole.
        case measure
        /// Take the norm, and update the parameters at once, but not from numbers that are none.
        case measureAndApply
        case apply
    }

    let blocks: GradientBlocks
    private let network: Network
    private let optimizer: Optimizer
    private let parameters: FloatBuffer
    /// Of the gradient as it came, one for each block.
    private let squares: UnsafeMutablePointer<Double>
    private let squaresOwner: FloatBuffer
    /// By thread: what the gradient is added up from before it is measured. None where it comes added up.
    private let sums: [BufferSum]
    /// By thread: room for the sum of a block that is used up at once, so that it need not leave the cache.
    private let scratch: [FloatBuffer]
    private let statistics: [Range<Int>]
    private let team: ThreadTeam
    private let gradient: FloatBuffer

    /// - Parameters:
    ///   - gradient: of the whole batch.
    ///   - squares: room for a double for each block, where other ranks may read what this one measures.
    init(
        _ optimizer: Optimizer, network: Network, blocks: GradientBlocks, parameters: FloatBuffer,
        gradient: FloatBuffer, squares: FloatBuffer, sums: [BufferSum] = [], team: ThreadTeam
    ) {
        precondition(squares.count >= Self.squaresCount(of: blocks), "each block has a sum of squares")
        self.optimizer = optimizer
        self.network = network
        self.blocks = blocks
        self.parameters = parameters
        self.gradient = gradient
        squaresOwner = squares
        self.squares = UnsafeMutableRawPointer(squares.pointer).assumingMemoryBound(to: Double.self)
        self.sums = sums
        scratch = sums.map { _ in FloatBuffer(count: GradientBlocks.largest) }
        self.team = team
        statistics = network.statisticsRanges
    }

    /// Floats that the squares of all blocks take.
    static func squaresCount(of blocks: GradientBlocks) -> Int { 2 * blocks.ranges.count }

    /// - Parameter shares: what each thread does, as `GradientBlocks.shares` divides it.
    func run(_ action: Action, shares: [Range<Int>], step: Optimizer.Step) throws {
        try team.run(Work(update: self, action: action, shares: shares, step: step))
    }

    private struct Work: TeamWork {
        let update: ParameterUpdate
        let action: Action
        let shares: [Range<Int>]
        let step: Optimizer.Step

        func perform(member: Int) { update.perform(action, on: shares[member], step, member: member) }
    }

    /// The Euclidean norm of the whole gradient as it came. Valid once every range was measured.
    var norm: Double {
        var sum = 0.0
        for index in blocks.ranges.indices { sum += squares[index] }
        return sum.squareRoot()
    }

    private func perform(_ action: Action, on range: Range<Int>, _ step: Optimizer.Step, member: Int) {
        switch action {
        case .measure:
            addStatistics(in: range, member: member)
            for index in blocks.indices(in: range) { _ = measure(block: index, member: member, isKept: true) }
        case .measureAndApply:
            addStatistics(in: range, member: member)
            network.update(range, parameters: parameters.pointer, gradients: gradient.pointer) { learned in
                for index in blocks.indices(in: learned) {
                    let gradient = measure(block: index, member: member, isKept: false)
                    if squares[index].isFinite { optimize(blocks.ranges[index], from: gradient, step) }
                }
            }
        case .apply:
            network.update(range, parameters: parameters.pointer, gradients: gradient.pointer) {
                optimize($0, from: gradient.pointer, step)
            }
        }
    }

    private func addStatistics(in range: Range<Int>, member: Int) {
        guard !sums.isEmpty else { return }
        for part in statistics where part.overlaps(range) { sums[member].add(part, into: gradient.pointer) }
    }

    /// Takes the norm of a block, which it adds up first if need be.
    /// - Returns: where the gradient begins, the block's part of which can be read.
    private func measure(block index: Int, member: Int, isKept: Bool) -> UnsafeMutablePointer<Float> {
        let range = blocks.ranges[index]
        var target = gradient.pointer
        if !sums.isEmpty {
            if !isKept { target = scratch[member].pointer - range.lowerBound }
            sums[member].add(range, into: target)
        }
        squares[index] = OptimizerKernels.sumOfSquares(target + range.lowerBound, count: range.count)
        return target
    }

    private func optimize(
        _ range: Range<Int>, from gradient: UnsafeMutablePointer<Float>, _ step: Optimizer.Step
    ) {
        optimizer.update(parameters: parameters.pointer, gradients: gradient, range: range, step: step)
    }
}
