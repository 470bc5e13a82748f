extension MessagingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .backlogFull(let peer): "too much waits to be sent to \(peer)"
        case .timedOut(let peer, let after): "\(peer) did not answer within \(after)"
        case .notConnected(let peer): "there is no connection to \(peer)"
        case .closed: "the connection was closed"
        case .cannotBind(let endpoint, let reason): "\(endpoint) cannot be listened on: \(reason)"
        case .cannotConnect(let endpoint, let reason): "\(endpoint) cannot be connected to: \(reason)"
        case .messageTooLarge(let bytes, let limit):
            "a message of \(bytes) bytes cannot be sent, at most \(limit) are allowed"
        case .invalidMessage(let reason): "the message cannot be sent: \(reason)"
        case .brokenStream(let peer, let reason): "the stream from \(peer) broke: \(reason)"
        case .cannotStart(let reason): "messaging cannot start: \(reason)"
        }
    }
}
