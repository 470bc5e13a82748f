/// A transposition: the q-th block that rank r gives becomes the r-th block that rank q gets.
///
/// Terms: p, b, s, α, β as in `AllReduce`. m is the number of elements of a block; every rank gives and gets p of them.
///
/// Steps, of which neither waits for the other:
/// 1. Copy the own block, and send each other one to its rank, beginning with the next: segment by segment, so that all
///    get their first one early.
/// 2. Put what the others send in its place.
/// ```
///          gives           gets
/// rank 0   a0 a1 a2 a3     a0 b0 c0 d0
/// rank 1   b0 b1 b2 b3     a1 b1 c1 d1
/// rank 2   c0 c1 c2 c3     a2 b2 c2 d2
/// rank 3   d0 d1 d2 d3     a3 b3 c3 d3
/// ```
/// Cost: (p-1) ⌈m/s⌉ messages and (p-1) m elements a rank, and α + (p-1) b m β. No element travels twice, as in the
/// algorithm for long messages of R. Thakur, R. Rabenseifner and W. Gropp ("Optimization of collective communication
/// operations in MPICH", 2005).
///
/// What fails: a `.timedOut` names just the ranks whose blocks did not come. As bf16 the own block is rounded as well.
package enum AllToAll {
    /// By messages. Input and output must be different memory.
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

    /// All ranks on one host: everyone copies its blocks out of the others' buffer `source` into its own `target`. Two
    /// arrivals and no message.
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
