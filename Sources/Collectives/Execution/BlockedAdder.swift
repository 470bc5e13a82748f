import Tensors

/// Evaluates sums block by block, so that what is between a tree's leaves and its root never leaves the cache.
final class BlockedAdder {
    /// Floats; 8 KiB, so that a few of them fit into the first-level cache.
    private static let block = 2048

    private let slots: FloatBuffer
    private let leaves: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>

    /// - Parameters:
    ///   - slotCount: of the sums to come, at most.
    ///   - leafCount: of the sums to come, at most.
    init(slotCount: Int, leafCount: Int) {
        slots = FloatBuffer(count: slotCount * Self.block)
        leaves = .allocate(capacity: leafCount)
    }

    convenience init(for plan: Plan) {
        var slotCount = 0
        var leafCount = 0
        for case .sum(let sum, _) in plan.steps {
            slotCount = max(slotCount, sum.slotCount)
            leafCount = max(leafCount, sum.leaves.count)
        }
        self.init(slotCount: slotCount, leafCount: leafCount)
    }

    deinit {
        leaves.deallocate()
    }

    /// - Parameter pointer: where a place is in memory. Targets may be leaves.
    func add(_ sum: BracketedSum, into targets: [Plan.Place], pointer: (Plan.Place) -> UnsafeMutablePointer<Float>) {
        let first = pointer(targets[0])
        add(sum, into: first, count: targets[0].elements.count) {
            pointer(sum.leaves[$0])
        } done: { block in
            for place in targets.dropFirst() {
                (pointer(place) + block.lowerBound).update(from: first + block.lowerBound, count: block.count)
            }
        }
    }

    /// - Parameters:
    ///   - target: may be a leaf.
    ///   - leaf: where a leaf begins.
    ///   - done: called after each block, while it is in the cache.
    func add(
        _ sum: BracketedSum, into target: UnsafeMutablePointer<Float>, count: Int,
        leaf: (Int) -> UnsafeMutablePointer<Float>, done: (Range<Int>) -> Void = { _ in }
    ) {
        for index in sum.leaves.indices { leaves.initializeElement(at: index, to: leaf(index)) }
        for start in stride(from: 0, to: count, by: Self.block) {
            let length = min(Self.block, count - start)
            func address(_ operand: BracketedSum.Operand) -> UnsafeMutablePointer<Float> {
                switch operand {
                case .leaf(let index): leaves[index] + start
                case .slot(let slot): slots.pointer + slot * Self.block
                }
            }
            let last = sum.additions.count - 1
            for (index, addition) in sum.additions.enumerated() {
                let result = index == last ? target + start : slots.pointer + addition.slot * Self.block
                SumKernels.add(address(addition.left), address(addition.right), into: result, count: length)
            }
            if last < 0, leaves[0] != target { (target + start).update(from: leaves[0] + start, count: length) }
            done(start..<start + length)
        }
    }
}
