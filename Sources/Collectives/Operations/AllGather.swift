/// Every rank's range of a vector, on every rank. A rank gives its range at the place that it has in the whole.
///
/// Terms: p, n, b, s, α, β as in `AllReduce`.
///
/// Steps, of which neither waits for the other:
/// 1. Send each segment of the own range to all others, beginning with the next rank.
/// 2. Put what the others send in its place.
/// ```
/// rank 0   a . . .      to 1, 2, 3       a b c d
/// rank 1   . b . .      to 2, 3, 0       a b c d
/// rank 2   . . c .      to 3, 0, 1       a b c d
/// rank 3   . . . d      to 0, 1, 2       a b c d
/// ```
/// Cost: (p-1) ⌈n/(p s)⌉ messages and (p-1)/p n elements a rank, and α + (p-1)/p b n β. Each rank must receive as many
/// elements, so fewer are not possible. The ring and recursive doubling of R. Thakur, R. Rabenseifner and W. Gropp
/// ("Optimization of collective communication operations in MPICH", 2005) send as many in p-1 and in log₂ p delays,
/// over fewer connections.
///
/// What fails: a `.timedOut` names just the ranks whose ranges did not come. As bf16 a rank rounds its own range as
/// well, so that all ranks have the same bytes.
package enum AllGather {
    /// By messages.
    package static func plan(count: Int, layout: GroupLayout, tuning: Tuning, wire: WireFormat = .f32) -> Plan {
        let shares = Ranges.shares(of: 0..<count, ranks: layout.size)
        let others = (1..<max(layout.size, 1)).map { (layout.rank + $0) % layout.size }
        func segments(_ rank: Int) -> [Range<Int>] {
            Ranges.segments(of: shares[rank], size: tuning.segmentElements)
        }
        var sends: Plan.Strand = []
        for elements in segments(layout.rank) {
            let result = Plan.Place(.output, elements)
            let input = Plan.Place(.input(0), elements)
            sends.append(wire == .f32 ? .copy(input, into: result) : .round(input, into: result))
            sends += others.map { .send(.init($0, phase: 0, segment: elements.lowerBound), from: result) }
        }
        let receives = others.flatMap { peer in
            segments(peer).map { elements -> Plan.Strand in
                [.receive(.init(peer, phase: 0, segment: elements.lowerBound), into: .init(.output, elements))]
            }
        }
        return Plan(stages: [[sends] + receives])
    }

    /// All ranks on one host: everyone copies every range out of its rank's buffer `source` into its own `target`. Two
    /// arrivals and no message.
    package static func shared(count: Int, layout: GroupLayout, from source: Int, into target: Int) -> Plan {
        var strand: Plan.Strand = [.arrive(1), .await(1, from: layout.neighbours)]
        for (rank, share) in Ranges.shares(of: 0..<count, ranks: layout.size).enumerated() where !share.isEmpty {
            strand.append(
                .copy(
                    .init(.shared(rank: rank, buffer: source), share),
                    into: .init(.shared(rank: layout.rank, buffer: target), share)))
        }
        return Plan(stages: [[strand + [.arrive(2), .await(2, from: layout.neighbours)]]])
    }
}
