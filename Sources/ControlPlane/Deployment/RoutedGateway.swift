package import JobProtocol
package import ClusterProtocol

/// A living gateway and the routing tables it was sent.
package struct RoutedGateway: Codable, Sendable, Equatable {
    /// When the newest table was last sent.
    package var sent: ContinuousClock.Instant
    /// The table by which it says that it routes; nil until it has said so.
    package var taken: RoutingPosition?

    /// Whether it has said that it routes by this table, or by a later one.
    func routes(by epoch: UInt64, of source: StateIdentity?) -> Bool {
        guard let taken else { return false }
        return taken.source == source && taken.epoch >= epoch
    }
}

/// A change of the routing that an operator waits for: it is answered when every living gateway routes by it.
package struct Rollout: Codable, Sendable, Equatable {
    package var request: RequestID
    package var outcome: Outcome
    /// Number of the table that has the change.
    package var epoch: UInt64
    package var deadline: ContinuousClock.Instant

    package enum Outcome: Codable, Sendable, Equatable {
        case promotion(PromotionOutcome)
        case deletion(Deletion)
    }

    /// The answer, with the gateways that do not route by the table yet.
    func answer(behind: [String]) -> Answer {
        let behind = behind.isEmpty ? nil : behind
        switch outcome {
        case .promotion(var promotion):
            promotion.behind = behind
            return .promotion(promotion)
        case .deletion(var deletion):
            deletion.behind = behind
            return .deletion(deletion)
        }
    }
}
