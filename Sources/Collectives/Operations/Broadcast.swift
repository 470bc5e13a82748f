/// What one rank gives, on every rank.
package enum Broadcast {
    /// Along a binomial tree whose root is the rank that gives: log₂ p delays, p - 1 copies sent in all. A segment is
    /// passed on as soon as it has come.
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

    /// All ranks on one host: everyone copies the root's buffer `source` into its own `target`.
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
