import Synchronization
import Wire

/// A link of an `InMemoryMessenger`.
final class InMemoryLink: Link {
    let remote: String
    let openAnswers = OpenAnswers()
    let isSwept = Atomic(false)
    let node: InMemoryNode
    let network: InMemoryNetwork
    private let id: UInt64
    private let backlog: Backlog

    init(id: UInt64, remote: String, node: InMemoryNode, network: InMemoryNetwork) {
        self.id = id
        self.remote = remote
        self.node = node
        self.network = network
        backlog = Backlog(messages: node.limits.backlogMessages, bytes: node.limits.backlogBytes)
    }

    var isConnected: Bool { network.state.withLock { $0.links[id]?.connection != nil } }

    func send(_ message: Message) throws(MessagingError) {
        try send(message, messageID: 0)
    }

    func request(_ message: Message, timeout: Duration) async throws -> Message {
        try await node.request(
            message, to: .init(channel: id, connection: 0), peer: remote, timeout: timeout, on: network
        ) { message, messageID throws(MessagingError) in
            try self.send(message, messageID: messageID)
        }
    }

    func stream(
        _ message: Message, credit: StreamCredit, firstPartTimeout: Duration, betweenParts: Duration
    ) throws(MessagingError) -> MessageStream {
        try openStream(
            message, to: 0, peer: remote, credit: credit, firstPartTimeout: firstPartTimeout,
            betweenParts: betweenParts)
    }

    func close() {
        network.change { $0.links[id] = nil }
        for request in node.takeAll(where: { $0.destination.channel == id }) { request.completion.fail(.closed) }
        loseAsker()
    }

    private func send(_ message: Message, messageID: UInt64) throws(MessagingError) {
        var message = message
        message.envelope.messageID = messageID
        try post(try prepare(message, to: 0, peer: remote))
    }
}

extension InMemoryLink: InMemoryCarrier {
    var channelID: UInt64 { id }

    func prepare(_ message: Message, to connection: UInt32, peer: String) throws(MessagingError) -> Outgoing {
        try node.outgoing(message, connection: connection, backlog: backlog, peer: peer)
    }

    func post(_ outgoing: Outgoing) throws(MessagingError) {
        try network.send(outgoing, link: id)
    }
}
