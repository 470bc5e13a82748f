/// A promotion under way: the candidate is being loaded, the alias still stands for the version it stood for.
package struct Promotion: Codable, Sendable, Equatable {
    package var candidate: ReplicaKey
    package var alias: AliasKey
    package var operatorName: String
    package var forced: Bool
    package var reason: String
    package var request: RequestID
    package var deadline: ContinuousClock.Instant
}
