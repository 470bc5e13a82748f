import Synchronization
import Wire

/// A listener of an `InMemoryMessenger`.
final class InMemoryListener: Listener {
    let endpoint: String
    let openAnswers = OpenAnswers()
    let isSwept = Atomic(false)
    let node: InMemoryNode
    let network: InMemoryNetwork
    private let id: UInt64
    private let backlog: Backlog

    init(id: UInt64, endpoint: String, node: InMemoryNode, network: InMemoryNetwork) {
        self.id = id
        self.endpoint = endpoint
        self.node = node
        self.network = network
        backlog = Backlog(messages: node.limits.backlogMessages, bytes: node.limits.backlogBytes)
    }

    func send(_ message: Message, to peer: Peer) throws(MessagingError) {
        try send(message, messageID: 0, to: peer)
    }

    func request(_ message: Message, to peer: Peer, timeout: Duration) async throws -> Message {
        let destination = ConnectionKey(
            channel: id, connection: UInt32(truncatingIfNeeded: peer.connection))
        return try await node.request(message, to: destination, peer: peer.name, timeout: timeout, on: network) {
            message, messageID throws(MessagingError) in
            try self.send(message, messageID: messageID, to: peer)
        }
    }

    func stream(
        _ message: Message, to peer: Peer, credit: StreamCredit, firstPartTimeout: Duration, betweenParts: Duration
    ) throws(MessagingError) -> MessageStream {
        guard peer.connection >> 32 == id else { throw .notConnected(peer: peer.name) }
        return try openStream(
            message, to: UInt32(truncatingIfNeeded: peer.connection), peer: peer.name, credit: credit,
            firstPartTimeout: firstPartTimeout, betweenParts: betweenParts)
    }

    func close() {
        network.change { state in
            if state.listeners[endpoint]?.id == id { state.listeners[endpoint] = nil }
        }
        for request in node.takeAll(where: { $0.destination.channel == id }) { request.completion.fail(.closed) }
        loseAsker()
    }

    private func send(_ message: Message, messageID: UInt64, to peer: Peer) throws(MessagingError) {
        guard isBound else { throw .closed }
        guard peer.connection >> 32 == id else { throw .notConnected(peer: peer.name) }
        var message = message
        message.envelope.messageID = messageID
        let connection = UInt32(truncatingIfNeeded: peer.connection)
        try post(try prepare(message, to: connection, peer: peer.name))
    }

    private var isBound: Bool { network.state.withLock { $0.listeners[endpoint]?.id } == id }
}

extension InMemoryListener: InMemoryCarrier {
    var channelID: UInt64 { id }

    func prepare(_ message: Message, to connection: UInt32, peer: String) throws(MessagingError) -> Outgoing {
        try node.outgoing(message, connection: connection, backlog: backlog, peer: peer)
    }

    func post(_ outgoing: Outgoing) throws(MessagingError) {
        guard isBound else { throw .closed }
        guard !network.send(outgoing, connection: outgoing.connection) else { return }
        // As with a real socket: whoever only sends learns nothing, whoever asked is told.
        node.statistics.dropped(.unreachable)
        node.take(outgoing.messageID)?.completion.fail(.notConnected(peer: outgoing.peer))
        loseAsker(at: outgoing.connection)
    }
}
