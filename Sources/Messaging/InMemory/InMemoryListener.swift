import Synchronization
import Wire

/// A listener of an `InMemoryMessenger`.
final class InMemoryListener: Listener {
    let endpoint: String
    private let id: UInt64
    private let node: InMemoryNode
    private let network: InMemoryNetwork
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
        let destination = PendingRequests<Completion>.Destination(
            channel: id, connection: UInt32(truncatingIfNeeded: peer.connection))
        return try await node.request(message, to: destination, peer: peer.name, timeout: timeout, on: network) {
            message, messageID throws(MessagingError) in
            try self.send(message, messageID: messageID, to: peer)
        }
    }

    func close() {
        network.change { state in
            if state.listeners[endpoint]?.id == id { state.listeners[endpoint] = nil }
        }
        for request in node.takeAll(where: { $0.destination.channel == id }) { request.completion.fail(.closed) }
    }

    private func send(_ message: Message, messageID: UInt64, to peer: Peer) throws(MessagingError) {
        guard network.state.withLock({ $0.listeners[endpoint]?.id }) == id else { throw .closed }
        guard peer.connection >> 32 == id else { throw .notConnected(peer: peer.name) }
        let connection = UInt32(truncatingIfNeeded: peer.connection)
        let outgoing = try node.outgoing(
            message, messageID: messageID, connection: connection, backlog: backlog, peer: peer.name)
        if !network.send(outgoing, connection: connection) {
            // As with a real socket: whoever only sends learns nothing, whoever asked is told.
            node.statistics.dropped(.unreachable)
            node.take(messageID)?.fail(.notConnected(peer: peer.name))
        }
    }
}
