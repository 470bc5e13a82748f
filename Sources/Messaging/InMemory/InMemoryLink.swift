import Synchronization

/// A link of an `InMemoryMessenger`.
final class InMemoryLink: Link {
    let remote: String
    private let id: UInt64
    private let node: InMemoryNode
    private let network: InMemoryNetwork
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

    func close() {
        network.change { $0.links[id] = nil }
        for request in node.takeAll(where: { $0.destination.channel == id }) { request.completion.fail(.closed) }
    }

    private func send(_ message: Message, messageID: UInt64) throws(MessagingError) {
        let outgoing = try node.outgoing(message, messageID: messageID, connection: 0, backlog: backlog, peer: remote)
        try network.send(outgoing, link: id)
    }
}
