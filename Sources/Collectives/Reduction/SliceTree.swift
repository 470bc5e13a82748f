/// The one order in which the gradients of a batch's slices are added up.
///
/// Floating-point addition is not associative, so a sum is reproducible only if its brackets are. The tree depends on
/// the number of slices alone, never on which worker computed which.
///
/// Terms: a *slice* is a part of a batch whose gradient is computed on its own. A *node* is a range of slices that are
/// added up as one: the root is all of them, a leaf is one. A *share* is the contiguous slices of one rank, its *cover*
/// the fewest nodes that make it up.
///
/// Steps: a node over `a..<b` splits at the largest power of two below its width, and is the sum of its left half and
/// its right half, in this order. A rank adds up the nodes of its cover by itself. Whoever has to complete a sum goes
/// down from the root until it meets nodes that somebody has, and adds these.
/// ```
///                ((0+1)+(2+3)) + ((4+5)+(6+7))
///               /                              \
///        (0+1)+(2+3)                       (4+5)+(6+7)
///        /         \                       /         \
///      0+1         2+3                   4+5         6+7        4 ranks of 2 slices: a node each
///     /   \       /   \                 /   \       /   \
///    0     1     2     3               4     5     6     7
/// ```
/// 3 ranks of these 8 slices have the shares 0-1, 2-4 and 5-7, and the covers {0-1}, {2-3, 4} and {5, 6-7}.
///
/// Cost: as many additions as for any other order, one fewer than there are slices. A share of a power of two that
/// begins at a multiple of it is one node; another of w > 1 slices is at most 2 log₂ w nodes, each of which has to be
/// sent where one would do if the order did not matter.
///
/// What fails: nothing at run time. A sum for which nobody has a slice ends the process (`BracketedSum`): plans are made
/// of shares that make up the whole.
package struct SliceTree: Sendable, Equatable {
    package let slices: Int

    package init(slices: Int) {
        precondition(slices > 0, "a batch has at least one slice")
        self.slices = slices
    }

    package var root: Range<Int> { 0..<slices }

    /// The two nodes whose sum is `node`; nil for a single slice.
    package static func children(of node: Range<Int>) -> (left: Range<Int>, right: Range<Int>)? {
        guard node.count > 1 else { return nil }
        var half = 1
        while half * 2 < node.count { half *= 2 }
        let middle = node.lowerBound + half
        return (node.lowerBound..<middle, middle..<node.upperBound)
    }

    /// The fewest nodes that make up `range`, from left to right: the partial sums a worker with these slices sends.
    /// - Complexity: O(log slices)
    package func cover(of range: Range<Int>) -> [Range<Int>] {
        cover(of: range, below: root)
    }

    private func cover(of range: Range<Int>, below node: Range<Int>) -> [Range<Int>] {
        guard range.overlaps(node) else { return [] }
        if range.lowerBound <= node.lowerBound && node.upperBound <= range.upperBound { return [node] }
        guard let (left, right) = Self.children(of: node) else { return [] }
        return cover(of: range, below: left) + cover(of: range, below: right)
    }

    /// The fewest nodes that make up several ranges together: a host's partial sums, whose ranks each have one range.
    package func cover(of ranges: [Range<Int>]) -> [Range<Int>] {
        let merged = ranges.filter { !$0.isEmpty }.sorted { $0.lowerBound < $1.lowerBound }
            .reduce(into: [Range<Int>]()) { merged, range in
                if let last = merged.last, last.upperBound == range.lowerBound {
                    merged[merged.count - 1] = last.lowerBound..<range.upperBound
                } else {
                    merged.append(range)
                }
            }
        return merged.flatMap { cover(of: $0) }
    }

    /// Slices for each of `ranks` ranks: contiguous, and as even as can be.
    package func shares(ranks: Int) -> [Range<Int>] {
        Ranges.shares(of: root, ranks: ranks, alignment: 1)
    }
}
