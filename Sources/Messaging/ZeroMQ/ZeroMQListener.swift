import Wire

/// A ROUTER socket's face.
final class ZeroMQListener: Listener {
    private let channel: Channel
    private let thread: MessagingThread

    init(_ channel: Channel, _ thread: MessagingThread) {
        self.channel = channel
        self.thread = thread
    }

    var endpoint: String { channel.endpoint }

    func send(_ message: Message, to peer: Peer) throws(MessagingError) {
        guard channel.isPeer(peer) else { throw .notConnected(peer: peer.name) }
        try thread.send(message, on: channel, connection: Channel.connection(of: peer), peer: peer.name)
    }

    func request(_ message: Message, to peer: Peer, timeout: Duration) async throws -> Message {
        guard channel.isPeer(peer) else { throw MessagingError.notConnected(peer: peer.name) }
        return try await thread.request(
            message, on: channel, connection: Channel.connection(of: peer), peer: peer.name, timeout: timeout)
    }

    func close() {
        thread.admission.close(domain: channel.name)
        thread.close(channel)
    }
}
