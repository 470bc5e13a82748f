import Messaging
import Wire

/// What a failed attempt on one node means: for the node, for a second attempt, and for the caller.
struct AttemptResult: Equatable {
    /// Where another attempt may do better.
    enum Retry: Equatable {
        case nowhere
        /// On another node.
        case elsewhere
        /// Also on the same node: the request was lost with the connection, and may never have come there.
        case anywhere
    }

    var outcome: Balancer.Outcome
    var retry: Retry
    /// What the caller is told if not.
    var failure: Failure

    /// - Parameter allowed: the time that the request had in all, before it was sent to this node included.
    init(_ error: any Error, node: String, allowed: Duration) {
        switch error {
        case let failure as Failure: self.init(failure)
        case let error as MessagingError: self.init(error, node: node, allowed: allowed)
        default:
            self.init(
                outcome: .indifferent, retry: .nowhere,
                failure: Failure(.cancelled, "the request was given up while '\(node)' worked on it"))
        }
    }

    private init(outcome: Balancer.Outcome, retry: Retry, failure: Failure) {
        self.outcome = outcome
        self.retry = retry
        self.failure = failure
    }

    private init(_ failure: Failure) {
        let (outcome, retry): (Balancer.Outcome, Retry) =
            switch failure.code {
            case .unavailable: (.unreachable, .elsewhere)
            case .queueFull: (.indifferent, .elsewhere)
            // The node does not hold what the routing table says it does: the table is about to change.
            case .notFound, .failedPrecondition: (.indifferent, .elsewhere)
            case .invalidArgument, .deadlineExceeded, .cancelled: (.indifferent, .nowhere)
            // A node of another version, which can read no request: another may be of ours.
            case .protocolMismatch: (.unreachable, .elsewhere)
            // Not tried elsewhere: a request that breaks one node might break them all.
            case .internal, .dataCorrupted, .unspecified, .permissionDenied: (.failed, .nowhere)
            }
        self.init(outcome: outcome, retry: retry, failure: failure)
    }

    private init(_ error: MessagingError, node: String, allowed: Duration) {
        switch error {
        case .timedOut:
            // All of the caller's time, and no fault of the node's: one that does not live any more is found out by
            // `Dispatcher.watch`, and the requests to it end earlier and otherwise.
            self.init(
                outcome: .indifferent, retry: .nowhere,
                failure: Failure(
                    .deadlineExceeded,
                    "the request was allowed \(allowed), by the end of which '\(node)' had not answered it"))
        case .notConnected, .cannotConnect:
            self.init(
                outcome: .unreachable, retry: .anywhere,
                failure: Failure(.unavailable, "lost the connection to '\(node)'; try again"))
        case .backlogFull:
            // Ours, and no word of the node's.
            self.init(
                outcome: .indifferent, retry: .elsewhere,
                failure: Failure(.queueFull, "the queue towards '\(node)' is full; try again"))
        case .messageTooLarge(let bytes, let limit):
            self.init(
                outcome: .indifferent, retry: .nowhere,
                failure: Failure(
                    .invalidArgument, "the request is \(bytes) bytes as tensors; expected at most \(limit)"))
        case .invalidMessage(let reason):
            self.init(outcome: .indifferent, retry: .nowhere, failure: Failure(.invalidArgument, reason))
        case .closed, .cannotBind, .cannotStart:
            self.init(
                outcome: .indifferent, retry: .anywhere,
                failure: Failure(.unavailable, "the link to '\(node)' was closed; try again"))
        }
    }
}
