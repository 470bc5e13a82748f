/// The sum of what every rank gives, each rank's range of it on that rank: at the place in the output that it has in
/// the whole. The rest of the output is left alone.
///
/// Terms: p, n, b, s, k, α, β as in `AllReduce`.
///
/// Steps, the first two of the direct all-reduce:
/// 1. Send each range of each node to the rank that it belongs to: first the first segments of all ranges.
/// 2. Receive the own range of all others, segment by segment, and add up along the slice tree.
/// ```
///          range 0      range 1      range 2      range 3
/// rank 0   adds up      to rank 1    to rank 2    to rank 3
/// rank 1   to rank 0    adds up      to rank 2    to rank 3
/// rank 2   to rank 0    to rank 1    adds up      to rank 3
/// rank 3   to rank 0    to rank 1    to rank 2    adds up
/// ```
/// Cost: (p-1) k ⌈n/(p s)⌉ messages and k (p-1)/p n elements a rank, and α + k (p-1)/p b n β; (K-1)/p n additions,
/// where K is the number of nodes of all ranks. For k = 1 these are the fewest elements possible. The pairwise exchange
/// of R. Thakur, R. Rabenseifner and W. Gropp ("Optimization of collective communication operations in MPICH", 2005)
/// sends as many in p-1 delays, because its ranks talk to one other at a time.
///
/// What fails: a rank that is lost leaves every range without its nodes, so a `.timedOut` names just those that are
/// lost. As bf16 the summands are rounded, one's own too, and the sum is not.
package enum ReduceScatter {
    /// By messages.
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

    /// All ranks on one host: the shared all-reduce, with the result of a range in the buffer of its own rank only. Two
    /// arrivals and no message.
    package static func shared(count: Int, layout: GroupLayout, into buffer: Int) -> Plan {
        let mine = Ranges.shares(of: 0..<count, ranks: layout.size)[layout.rank]
        var strand: Plan.Strand = [.arrive(1), .await(1, from: layout.neighbours)]
        if !mine.isEmpty {
            let sum = BracketedSum(layout.tree.root) { AllReduce.sharedPart($0, of: layout, mine) }
            strand.append(.sum(sum, into: [.init(.shared(rank: layout.rank, buffer: buffer), mine)]))
        }
        return Plan(stages: [[strand + [.arrive(2), .await(2, from: layout.neighbours)]]])
    }
}
