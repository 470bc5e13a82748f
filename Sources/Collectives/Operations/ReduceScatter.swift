/// The sum of what every rank gives, each rank's share of it on that rank: at the place in the output that it has in
/// the whole. The rest of the output is left alone.
package enum ReduceScatter {
    /// The first delay of the direct all-reduce: (p-1)/p n elements a rank.
    package static func plan(
        count: Int, layout: GroupLayout, tuning: Tuning, wire: WireFormat = .f32
    ) -> Plan {
        let group = AllReduce.participants(of: layout)
        let own = AllReduce.OwnParts(group, count: count, wire: wire)
        let ranges = Ranges.shares(of: 0..<count, ranks: layout.size)
            .map { Ranges.segments(of: $0, size: tuning.segmentElements) }
        var sends = ranges[layout.rank].flatMap { own.rounding($0) }
        for index in 0..<(ranges.map(\.count).max() ?? 0) {
            for peer in group.others where index < ranges[peer].count {
                sends += own.rounding(ranges[peer][index]) + own.sends(ranges[peer][index], to: peer)
            }
        }
        var frames = 0
        let sums = ranges[layout.rank].map {
            AllReduce.sum($0, of: group, own: own, tree: layout.tree, frames: &frames)
        }
        return Plan(stages: [[sends] + sums], scratchCount: own.scratchCount, frameCount: frames)
    }

    /// All ranks on one host, inputs as in the shared all-reduce.
    package static func shared(count: Int, layout: GroupLayout, into buffer: Int) -> Plan {
        let mine = Ranges.shares(of: 0..<count, ranks: layout.size)[layout.rank]
        var strand: Plan.Strand = [.arrive(1), .await(1, from: layout.neighbours)]
        if !mine.isEmpty {
            let sum = Sum(layout.tree.root) { AllReduce.sharedPart($0, of: layout, mine) }
            strand.append(.sum(sum, into: [.init(.shared(rank: layout.rank, buffer: buffer), mine)]))
        }
        return Plan(stages: [[strand + [.arrive(2), .await(2, from: layout.neighbours)]]])
    }
}
