extension AllReduce {
    /// Every rank adds up its range of what all have in shared memory; there is nothing to send or to gather.
    ///
    /// Terms: p, n and ranges as in `AllReduce`; K is the number of nodes of all ranks together. The i-th node of a
    /// rank lies in its i-th shared buffer. To *arrive* at a point is to tell the ranks of the host that one has come
    /// there, and that what one wrote before can be read (`SharedMemory`).
    ///
    /// Steps:
    /// 1. Arrive at point 1, and wait for all: now every input has been written.
    /// 2. Add up the own range of all K nodes along the slice tree, block by block, into the buffer of the host's
    ///    first rank or into one of every rank (`SharedResult`). This may be in place: no other rank reads this range.
    /// 3. Arrive at point 2, and wait for all: now every range of the result is there, and inputs may be changed.
    /// ```
    ///             range 0     range 1     range 2     range 3
    /// buffers     a b c d     a b c d     a b c d     a b c d
    /// who adds    rank 0      rank 1      rank 2      rank 3
    /// ```
    /// Cost: no message; two arrivals. A rank reads K/p n elements, does (K-1)/p n additions, and writes n/p elements,
    /// or n where the result goes to every rank. All ranks together read every input once.
    ///
    /// What fails: a rank whose process ends in the middle ends the others' wait within a fraction of a second with
    /// `.peerEnded`, one that lives but does not come with `.timedOut`. In both cases the buffers may hold a part of
    /// the result beside old content. Ranks that are in different operations see it at point 1, before anything is
    /// written.
    static func shared(_ layout: GroupLayout, count: Int, result: SharedResult) -> Plan {
        precondition(layout.neighbours.count == layout.size, "all ranks are on one host")
        let mine = Ranges.shares(of: 0..<count, ranks: layout.size)[layout.rank]
        var strand: Plan.Strand = [.arrive(1), .await(1, from: layout.neighbours)]
        if !mine.isEmpty {
            let sum = BracketedSum(layout.tree.root) { sharedPart($0, of: layout, mine) }
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
