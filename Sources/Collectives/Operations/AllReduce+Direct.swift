extension AllReduce {
    /// A direct reduce-scatter and a direct all-gather: rank q adds up the q-th range of everyone, then hands it round.
    ///
    /// Terms: p, n, b, s, k, α, β as in `AllReduce`. The participants are all ranks, or one rank of each host.
    ///
    /// Steps; what is complete of a range goes out while the rest of it still comes in:
    /// 1. Send each range of each node to the rank that it belongs to: first the first segments of all ranges.
    /// 2. Receive the own range of all others, segment by segment, and add up along the slice tree.
    /// 3. Send each segment of the sum to all others, and put what they send in its place.
    /// ```
    ///          range 0      range 1      range 2      range 3
    /// rank 0   adds up      to rank 1    to rank 2    to rank 3       then sends range 0 to 1, 2, 3
    /// rank 1   to rank 0    adds up      to rank 2    to rank 3       then sends range 1 to 2, 3, 0
    /// rank 2   to rank 0    to rank 1    adds up      to rank 3       then sends range 2 to 3, 0, 1
    /// rank 3   to rank 0    to rank 1    to rank 2    adds up         then sends range 3 to 0, 1, 2
    /// ```
    /// Cost: (p-1) (k+1) ⌈n/(p s)⌉ messages and (k+1) (p-1)/p n elements a rank, and 2 α + (k+1) (p-1)/p b n β. For
    /// k = 1 these are the fewest elements that an all-reduce can send (P. Patarasuk and X. Yuan, "Bandwidth optimal
    /// all-reduce algorithms for clusters of workstations", 2009), as with the ring, but in 2 delays instead of
    /// 2 (p-1). In return every rank has a connection to every other.
    ///
    /// What fails: a rank that is lost leaves every range without its nodes. Then nobody has a range to hand round, and
    /// the `.timedOut` of each rank names all others.
    static func direct(
        _ group: Participants, tree: SliceTree, count: Int, segment: Int, wire: WireFormat
    ) -> Plan {
        var frames = 0
        let own = OwnParts(group, count: count, wire: wire)
        let ranges = Ranges.shares(of: 0..<count, ranks: group.size).map { Ranges.segments(of: $0, size: segment) }
        var sends = ranges[group.own].flatMap { own.rounding($0) }
        // The first segment of everyone, then the second: all can begin to add at once.
        for index in 0..<(ranges.map(\.count).max() ?? 0) {
            for peer in group.others where index < ranges[peer].count {
                sends += own.rounding(ranges[peer][index]) + own.sends(ranges[peer][index], to: group.ranks[peer])
            }
        }
        var strands = [sends]
        for elements in ranges[group.own] {
            var strand = sum(elements, of: group, own: own, tree: tree, frames: &frames)
            let result = Plan.Place(group.output, elements)
            if wire != .f32 { strand.append(.round(result, into: result)) }
            for peer in group.others {
                strand.append(
                    .send(
                        .init(group.ranks[peer], phase: resultPhase, segment: elements.lowerBound), from: result))
            }
            strands.append(strand)
        }
        for peer in group.others {
            for elements in ranges[peer] {
                strands.append([
                    .receive(
                        .init(group.ranks[peer], phase: resultPhase, segment: elements.lowerBound),
                        into: .init(group.output, elements))
                ])
            }
        }
        return Plan(stages: [strands], scratchCount: own.scratchCount, frameCount: frames)
    }
}
