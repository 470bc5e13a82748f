import ClusterProtocol
package import Wire

/// How a node answered an order.
package enum OrderOutcome: Codable, Sendable, Equatable {
    case acknowledged
    /// The node said no.
    case refused(Failure)
    /// No answer came; whether the order arrived is not known.
    case unanswered(String)

    package var problem: String? {
        switch self {
        case .acknowledged: nil
        case .refused(let failure): failure.message
        case .unanswered(let reason): reason
        }
    }

    /// The node's no to what was ordered; nil where it may take the same order later.
    var verdict: Failure? {
        guard case .refused(let failure) = self, !failure.isTransient else { return nil }
        return failure
    }
}
