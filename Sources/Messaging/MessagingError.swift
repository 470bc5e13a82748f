/// Why a message did not get to where it should, or no answer came back.
package enum MessagingError: Error, Sendable, Equatable {
    /// The bounded queue towards this peer is full; nothing was queued.
    case backlogFull(peer: String)
    case timedOut(peer: String, after: Duration)
    case notConnected(peer: String)
    case closed
    case cannotBind(endpoint: String, reason: String)
    case cannotConnect(endpoint: String, reason: String)
    case messageTooLarge(bytes: Int, limit: Int)
    /// The message breaks a rule of the protocol; nothing was queued.
    case invalidMessage(reason: String)
    /// What came of a stream is not what was agreed on; the rest of it is dropped.
    case brokenStream(peer: String, reason: String)
    /// The system gave no context, descriptor or thread.
    case cannotStart(reason: String)
}
