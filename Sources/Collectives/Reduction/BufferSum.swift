package import Tensors

/// The sum of a node of the slice tree over buffers that stay where they are, for any range of their elements. Used by
/// one thread at a time; allocates nothing.
package final class BufferSum {
    private let sum: BracketedSum
    private let leaves: [FloatBuffer]
    private let adder: BlockedAdder

    /// - Parameter leaf: the buffer with the sum of a node; nil where it must be made of its halves.
    package init(_ node: Range<Int>, leaf: (Range<Int>) -> FloatBuffer?) {
        var leaves: [FloatBuffer] = []
        sum = BracketedSum(node) { node in
            guard let buffer = leaf(node) else { return nil }
            leaves.append(buffer)
            return Plan.Place(.input(leaves.count - 1), 0..<0)
        }
        self.leaves = leaves
        adder = BlockedAdder(slotCount: sum.slotCount, leafCount: leaves.count)
    }

    /// The sum of the elements in `range`, at the same places of `target`, which may be a leaf.
    package func add(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) {
        adder.add(sum, into: target + range.lowerBound, count: range.count) { leaves[$0].pointer + range.lowerBound }
    }
}
