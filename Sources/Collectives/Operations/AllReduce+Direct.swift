extension AllReduce {
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
