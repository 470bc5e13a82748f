extension MessagingError: CustomStringConvertible {
    /// For people: it ends up in logs, in the detail of a job and on the command line.
    package var description: String {
        switch self {
        case .backlogFull(let peer): "too much waits to be sent to '\(peer)' already"
        case .timedOut(let peer, let after): "'\(peer)' did not answer within \(after)"
        case .notConnected(let peer): "there is no connection to '\(peer)'"
        case .closed: "messaging has ended"
        case .cannotBind(let endpoint, let reason): "cannot listen on \(endpoint): \(reason)"
        case .cannotConnect(let endpoint, let reason): "cannot connect to \(endpoint): \(reason)"
        case .messageTooLarge(let bytes, let limit): "a message of \(bytes) bytes; at most \(limit) may be sent"
        case .invalidMessage(let reason): "a message that may not be sent: \(reason)"
        case .cannotStart(let reason): "messaging cannot start: \(reason)"
        }
    }
}
