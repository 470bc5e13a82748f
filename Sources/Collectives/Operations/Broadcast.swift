/// What one rank gives, on every rank, along a binomial tree.
///
/// Terms: p, n, b, s, α, β as in `AllReduce`. The *root* is the rank that gives. A rank's *place* is its distance from
/// the root, modulo p. Place i is reached from the place that has all its bits but the highest: 5 = 101₂ from 1 = 001₂.
///
/// Steps, for each segment independently of the others:
/// 1. The root copies its input to its output; every other place receives from the one above it.
/// 2. Send it on to the places that have one higher bit more, those with the most places below them first.
/// ```
/// place 0 ---> 1 ---> 3
///         \--> 2
/// ```
/// Cost: p-1 copies in all, of ⌈n/s⌉ messages each, at most ⌈log₂ p⌉ of them from one rank, which is the root. A vector
/// of one segment takes ⌈log₂ p⌉ (α + b n β), of more segments about ⌈log₂ p⌉ (α + b s β) + ⌈log₂ p⌉ b (n-s) β, because
/// segments follow one another down the tree: what remains is what the root has to send. The algorithm is the one for
/// short vectors of R. Thakur, R. Rabenseifner and W. Gropp ("Optimization of collective communication operations in
/// MPICH", 2005). Their scatter with all-gather, 2 (p-1)/p b n β for long ones, is not here.
///
/// What fails: when a rank is lost, all places below it throw a `.timedOut` that names the place above them. The others
/// have what the root gave and end without an error, but for the place above the lost one if its frames cannot leave.
package enum Broadcast {
    /// By messages.
    package static func plan(
        count: Int, root: Int, layout: GroupLayout, tuning: Tuning, wire: WireFormat = .f32
    ) -> Plan {
        let size = layout.size
        let place = (layout.rank - root + size) % size
        func rank(_ place: Int) -> Int { (place + root) % size }
        // A place is reached from the one without its highest bit, and reaches those with one higher bit more.
        var bit = 1
        while bit <= place { bit *= 2 }
        let parent = place == 0 ? nil : rank(place - bit / 2)
        var children: [Int] = []
        while place + bit < size {
            children.append(rank(place + bit))
            bit *= 2
        }
        let strands = Ranges.segments(of: 0..<count, size: tuning.segmentElements).map { elements -> Plan.Strand in
            let result = Plan.Place(.output, elements)
            let input = Plan.Place(.input(0), elements)
            var strand: Plan.Strand = []
            if let parent {
                strand.append(.receive(.init(parent, phase: 0, segment: elements.lowerBound), into: result))
            } else {
                strand.append(wire == .f32 ? .copy(input, into: result) : .round(input, into: result))
            }
            return strand + children.map { .send(.init($0, phase: 0, segment: elements.lowerBound), from: result) }
        }
        return Plan(stages: [strands])
    }

    /// All ranks on one host: everyone copies the root's buffer `source` into its own `target`. Two arrivals and no
    /// message.
    package static func shared(count: Int, root: Int, layout: GroupLayout, from source: Int, into target: Int) -> Plan {
        let whole = 0..<count
        return Plan(stages: [
            [
                [
                    .arrive(1), .await(1, from: layout.neighbours),
                    .copy(
                        .init(.shared(rank: root, buffer: source), whole),
                        into: .init(.shared(rank: layout.rank, buffer: target), whole)),
                    .arrive(2), .await(2, from: layout.neighbours),
                ]
            ]
        ])
    }
}
