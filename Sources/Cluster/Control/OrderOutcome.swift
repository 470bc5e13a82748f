/// How a node answered an order.
package enum OrderOutcome: Sendable, Equatable {
    case acknowledged
    /// The node said no.
    case refused(String)
    /// No answer came; whether the order arrived is not known.
    case unanswered(String)

    var problem: String? {
        switch self {
        case .acknowledged: nil
        case .refused(let reason), .unanswered(let reason): reason
        }
    }
}
