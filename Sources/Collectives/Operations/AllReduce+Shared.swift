extension AllReduce {
    /// Every rank's partial sums lie in shared memory: the n-th node of its cover in its n-th buffer. Each rank adds up
    /// its range of all of them, and there is nothing to gather.
    static func shared(_ layout: GroupLayout, count: Int, result: SharedResult) -> Plan {
        precondition(layout.neighbours.count == layout.size, "all ranks are on one host")
        let mine = Ranges.shares(of: 0..<count, ranks: layout.size)[layout.rank]
        var strand: Plan.Strand = [.arrive(1), .await(1, from: layout.neighbours)]
        if !mine.isEmpty {
            let sum = Sum(layout.tree.root) { sharedPart($0, of: layout, mine) }
            strand.append(.sum(sum, into: result.places(for: layout, mine)))
        }
        return Plan(stages: [[strand + [.arrive(2), .await(2, from: layout.neighbours)]]])
    }

    /// Where a rank of this host has the sum of a node; nil if none has.
    static func sharedPart(_ node: Range<Int>, of layout: GroupLayout, _ elements: Range<Int>) -> Plan.Place? {
        for rank in layout.neighbours where layout.shares[rank].contains(node.lowerBound) {
            guard let buffer = layout.tree.cover(of: layout.shares[rank]).firstIndex(of: node) else { return nil }
            return .init(.shared(rank: rank, buffer: buffer), elements)
        }
        return nil
    }
}
