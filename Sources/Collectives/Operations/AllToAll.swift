/// A transposition: the q-th block that rank r gives becomes the r-th block that rank q gets.
package enum AllToAll {
    /// Everyone sends a block to everyone: one delay, (p-1) blocks a rank. Input and output must be different memory.
    package static func plan(block: Int, layout: GroupLayout, tuning: Tuning, wire: WireFormat = .f32) -> Plan {
        let others = (1..<max(layout.size, 1)).map { (layout.rank + $0) % layout.size }
        let segments = Ranges.segments(of: 0..<block, size: tuning.segmentElements)
        func elements(_ segment: Range<Int>, ofBlock rank: Int) -> Range<Int> {
            rank * block + segment.lowerBound..<rank * block + segment.upperBound
        }
        var sends: Plan.Strand = []
        var receives: [Plan.Strand] = []
        for segment in segments {
            let own = elements(segment, ofBlock: layout.rank)
            let (input, output) = (Plan.Place(.input(0), own), Plan.Place(.output, own))
            sends.append(wire == .f32 ? .copy(input, into: output) : .round(input, into: output))
            for peer in others {
                let place = elements(segment, ofBlock: peer)
                let message = Plan.Message(peer, phase: 0, segment: segment.lowerBound)
                sends.append(.send(message, from: .init(.input(0), place)))
                receives.append([.receive(message, into: .init(.output, place))])
            }
        }
        return Plan(stages: [[sends] + receives])
    }

    /// All ranks on one host: everyone copies its blocks out of the others' buffer `source` into its own `target`.
    package static func shared(block: Int, layout: GroupLayout, from source: Int, into target: Int) -> Plan {
        var strand: Plan.Strand = [.arrive(1), .await(1, from: layout.neighbours)]
        for rank in 0..<layout.size where block > 0 {
            strand.append(
                .copy(
                    .init(.shared(rank: rank, buffer: source), layout.rank * block..<(layout.rank + 1) * block),
                    into: .init(.shared(rank: layout.rank, buffer: target), rank * block..<(rank + 1) * block)))
        }
        return Plan(stages: [[strand + [.arrive(2), .await(2, from: layout.neighbours)]]])
    }
}
