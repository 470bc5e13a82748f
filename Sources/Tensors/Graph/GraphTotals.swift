/// What the operations of a graph cost together, for one row.
public struct GraphTotals: Sendable, Equatable {
    public internal(set) var work = Work(forward: 0, backward: 0)
    /// Floats that are learned.
    public internal(set) var parameters = 0
    /// Floats that stay in memory from the forward to the backward pass.
    public internal(set) var kept = 0

    public static func - (a: GraphTotals, b: GraphTotals) -> GraphTotals {
        GraphTotals(work: a.work - b.work, parameters: a.parameters - b.parameters, kept: a.kept - b.kept)
    }
}
