extension AllReduce {
    /// Inside each host in shared memory, between hosts by messages of one rank of each.
    ///
    /// Terms: n, b, s, α, β as in `AllReduce`. h is the number of hosts, l the number of ranks of this one. A host's
    /// *leader* is its first rank. K is the number of nodes that make up what the ranks of a host have together: where
    /// one rank has such a node already it is used as it is, otherwise the host adds it up.
    ///
    /// Steps; 1, 2 and 3 are points at which ranks of a host arrive and wait (`SharedMemory`):
    /// 1. Arrive at 1 and wait for the host: all inputs are there. Each rank adds up its 1/l of each of the K nodes
    ///    that no rank has, into a buffer of the leader. Arrive at 2.
    /// 2. The leader waits for 2, then sends, receives and adds as in `exchange` with one other host and as in `direct`
    ///    with more. The result goes into its shared buffer `hierarchicalResultBuffer`.
    /// 3. When everything that it sent has left its memory, the leader arrives at 3, for which the others have waited:
    ///    from there on they read the result and may change their inputs.
    /// ```
    /// host A: rank 0 (leader), rank 1          host B: rank 2 (leader), rank 3
    ///         (a+b)                                    (c+d)                     in shared memory, half by each rank
    ///            \_______ rank 0 <-> rank 2 ___________/                         (a+b)+(c+d) by messages
    /// ```
    /// Cost: for a leader (K+1) (h-1)/h n elements in 2 delays, or K n in one for two hosts; the other ranks send
    /// nothing. What crosses the network is what h ranks would send, however many ranks there are. The brackets are
    /// those of the slice tree whichever hosts the ranks are on.
    ///
    /// What fails: inside a host as in `shared`, between leaders as in `exchange` and `direct`. A rank that is no
    /// leader learns of the loss of another host when its leader leaves the group, or by its own `.timedOut`, which
    /// names the leader.
    static func hierarchical(_ layout: GroupLayout, count: Int, segment: Int, wire: WireFormat) -> Plan {
        let local = layout.neighbours
        let leader = local[0]
        let resultBuffer = hierarchicalResultBuffer(layout)
        let mine = Ranges.shares(of: 0..<count, ranks: local.count)[local.firstIndex(of: layout.rank)!]
        let nodes = layout.hosts.map { host in layout.tree.cover(of: host.map { layout.shares[$0] }) }
        let host = layout.hosts.firstIndex { $0.contains(leader) }!

        var inside: Plan.Strand = [.arrive(1), .await(1, from: local)]
        for (index, node) in nodes[host].enumerated() where sharedPart(node, of: layout, mine) == nil {
            guard !mine.isEmpty else { continue }
            let target = Plan.Place(.shared(rank: leader, buffer: resultBuffer + 1 + index), mine)
            inside.append(.sum(BracketedSum(node) { sharedPart($0, of: layout, mine) }, into: [target]))
        }
        inside.append(.arrive(2))
        guard layout.rank == leader else {
            return Plan(stages: [[inside], [[.await(3, from: [leader])]]])
        }
        inside.append(.await(2, from: local))

        let group = Participants(
            ranks: layout.hosts.map { $0[0] }, own: host, nodes: nodes,
            place: { index, elements in
                sharedPart(nodes[host][index], of: layout, elements)
                    ?? .init(.shared(rank: leader, buffer: resultBuffer + 1 + index), elements)
            }, output: .shared(rank: leader, buffer: resultBuffer))
        let between =
            group.size <= 2
            ? exchange(group, tree: layout.tree, count: count, segment: segment, wire: wire)
            : direct(group, tree: layout.tree, count: count, segment: segment, wire: wire)
        // The others change their inputs once they have the result, so by then nothing may be left to send.
        return Plan(
            stages: [[inside]] + between.stages + [[[.flush, .arrive(3)]]], scratchCount: between.scratchCount,
            frameCount: between.frameCount)
    }

    /// The first shared buffer that is no input of any rank.
    package static func hierarchicalResultBuffer(_ layout: GroupLayout) -> Int {
        layout.shares.map { layout.tree.cover(of: $0).count }.max() ?? 0
    }

    /// Shared buffers for each rank that `hierarchical` uses.
    package static func hierarchicalBufferCount(_ layout: GroupLayout) -> Int {
        let nodes = layout.hosts.map { host in layout.tree.cover(of: host.map { layout.shares[$0] }).count }
        return hierarchicalResultBuffer(layout) + 1 + (nodes.max() ?? 0)
    }
}
