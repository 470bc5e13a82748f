/// Nobody leaves before everybody has come, by dissemination (D. Hensgen, R. Finkel and U. Manber, "Two algorithms for
/// barrier synchronization", 1988).
///
/// Terms: p and α as in `AllReduce`. Who has heard of a rank, directly or through others, knows that it has come.
///
/// Steps: in round i of ⌈log₂ p⌉ every rank sends an empty message to the rank 2ⁱ further on, and waits for that of the
/// rank 2ⁱ before it, modulo p. After round i it has heard of the 2ⁱ⁺¹ ranks that end with itself.
/// ```
///              rank 0       rank 1       rank 2       rank 3
/// round 0      3 0          0 1          1 2          2 3
/// round 1      1 2 3 0      2 3 0 1      3 0 1 2      0 1 2 3
/// ```
/// Cost: ⌈log₂ p⌉ messages without content a rank, and ⌈log₂ p⌉ α. There is no root that all would have to reach.
///
/// What fails: nobody leaves without a rank that is lost, so every rank throws a `.timedOut`. It names the rank of the
/// round, which is the lost one for those that it owed a message, and one that waits itself for the others.
package enum Barrier {
    /// By messages.
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

    /// All ranks on one host: one arrival.
    package static func shared(layout: GroupLayout) -> Plan {
        Plan(stages: [[[.arrive(1), .await(1, from: layout.neighbours)]]])
    }
}
