extension AllReduce {
    /// First the ranks of each host add up what they have in shared memory, as far as the slice tree allows; then the
    /// first rank of each host does so with the others by messages; the result lies in its shared memory. The brackets
    /// are those of the slice tree whichever hosts the ranks are on.
    ///
    /// Shared buffers: the inputs as in `shared`, the result in buffer `resultBuffer`, and from there on the host's
    /// partial sums.
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
            inside.append(.sum(Sum(node) { sharedPart($0, of: layout, mine) }, into: [target]))
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
