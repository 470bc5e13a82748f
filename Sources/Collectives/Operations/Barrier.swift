/// Nobody leaves before everybody has come.
package enum Barrier {
    /// Dissemination (D. Hensgen, R. Finkel and U. Manber, "Two algorithms for barrier synchronization", 1988): in round
    /// k every rank tells the one 2ᵏ further on. log₂ p delays and empty messages.
    package static func plan(layout: GroupLayout) -> Plan {
        var strand: Plan.Strand = []
        var distance = 1
        var round = 0
        while distance < layout.size {
            let next = (layout.rank + distance) % layout.size
            let previous = (layout.rank - distance + layout.size) % layout.size
            strand.append(.send(.init(next, phase: round), from: .init(.output, 0..<0)))
            strand.append(.receive(.init(previous, phase: round), into: .init(.output, 0..<0)))
            distance *= 2
            round += 1
        }
        return Plan(stages: [[strand]])
    }

    /// All ranks on one host.
    package static func shared(layout: GroupLayout) -> Plan {
        Plan(stages: [[[.arrive(1), .await(1, from: layout.neighbours)]]])
    }
}
