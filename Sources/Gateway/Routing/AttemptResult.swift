import Messaging
import Wire

/// What a failed attempt on one node means: for the node, for a second attempt, and for the caller.
struct AttemptResult: Equatable {
    var outcome: Balancer.Outcome
    /// Whether another node may do better.
    var retry: Bool
    /// What the caller is told if not.
    var failure: Failure

    init(_ error: any Error, node: String, timeout: Duration) {
        switch error {
        case let failure as Failure: self.init(failure)
        case let error as MessagingError: self.init(error, node: node, timeout: timeout)
        default:
            self.init(
                outcome: .indifferent, retry: false,
                failure: Failure(.cancelled, "the request was given up while '\(node)' worked on it"))
        }
    }

    private init(outcome: Balancer.Outcome, retry: Bool, failure: Failure) {
        self.outcome = outcome
        self.retry = retry
        self.failure = failure
    }

    private init(_ failure: Failure) {
        let (outcome, retry): (Balancer.Outcome, Bool) =
            switch failure.code {
            case .unavailable: (.unreachable, true)
            case .queueFull: (.indifferent, true)
            // The node does not hold what the routing table says it does: the table is about to change.
            case .notFound, .failedPrecondition: (.indifferent, true)
            case .invalidArgument, .deadlineExceeded, .cancelled, .alreadyExists: (.indifferent, false)
            // A node of another version, which can read no request: another may be of ours.
            case .protocolMismatch: (.unreachable, true)
            // Not tried elsewhere: a request that breaks one node might break them all.
            case .internal, .dataCorrupted, .unspecified, .permissionDenied: (.failed, false)
            }
        self.init(outcome: outcome, retry: retry, failure: failure)
    }

    private init(_ error: MessagingError, node: String, timeout: Duration) {
        switch error {
        case .timedOut:
            // All of the caller's time, and no fault of the node's: one that does not live any more is found out by
            // `Dispatcher.watch`, and the requests to it end earlier and otherwise.
            self.init(
                outcome: .indifferent, retry: false,
                failure: Failure(.deadlineExceeded, "no answer from '\(node)' within \(timeout)"))
        case .notConnected, .cannotConnect:
            self.init(
                outcome: .unreachable, retry: true,
                failure: Failure(.unavailable, "lost the connection to '\(node)'; try again"))
        case .backlogFull:
            // Ours, and no word of the node's.
            self.init(
                outcome: .indifferent, retry: true,
                failure: Failure(.queueFull, "the queue towards '\(node)' is full; try again"))
        case .messageTooLarge(let bytes, let limit):
            self.init(
                outcome: .indifferent, retry: false,
                failure: Failure(
                    .invalidArgument, "the request is \(bytes) bytes as tensors; expected at most \(limit)"))
        case .invalidMessage(let reason):
            self.init(outcome: .indifferent, retry: false, failure: Failure(.invalidArgument, reason))
        case .closed, .cannotBind, .cannotStart:
            self.init(
                outcome: .indifferent, retry: true,
                failure: Failure(.unavailable, "the link to '\(node)' was closed; try again"))
        }
    }
}
