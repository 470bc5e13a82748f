package import Wire

/// A bound address that admits peers by key.
package protocol Listener: Sendable {
    /// The address peers connect to, with the real port where 0 was asked for.
    var endpoint: String { get }

    /// Queues one message for a connected peer; never blocks.
    func send(_ message: Message, to peer: Peer) throws(MessagingError)

    func request(_ message: Message, to peer: Peer, timeout: Duration) async throws -> Message

    /// As `Link.stream`. That the peer is gone shows by the deadlines only.
    func stream(
        _ message: Message, to peer: Peer, credit: StreamCredit, firstPartTimeout: Duration, betweenParts: Duration
    ) throws(MessagingError) -> MessageStream

    func close()
}
