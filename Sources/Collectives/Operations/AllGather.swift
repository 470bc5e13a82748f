/// Every rank's share of a vector, on every rank. A rank gives its share at the place that it has in the whole.
package enum AllGather {
    /// Everyone sends its share to everyone: one delay, (p-1)/p n elements a rank.
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

    /// All ranks on one host: everyone copies the others' shares out of their buffer `source` into its own `target`.
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
