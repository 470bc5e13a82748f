import Synchronization
import Wire

/// A DEALER socket's face.
final class ZeroMQLink: Link {
    private let channel: Channel
    private let thread: MessagingThread

    init(_ channel: Channel, _ thread: MessagingThread) {
        self.channel = channel
        self.thread = thread
    }

    var remote: String { channel.name }

    var isConnected: Bool { channel.isConnected.load(ordering: .relaxed) }

    func send(_ message: Message) throws(MessagingError) {
        try thread.send(message, on: channel, connection: 0, peer: channel.name)
    }

    func request(_ message: Message, timeout: Duration) async throws -> Message {
        try await thread.request(message, on: channel, connection: 0, peer: channel.name, timeout: timeout)
    }

    func stream(
        _ message: Message, credit: StreamCredit, firstPartTimeout: Duration, betweenParts: Duration
    ) throws(MessagingError) -> MessageStream {
        try channel.openStream(
            message, to: 0, peer: channel.name, credit: credit, firstPartTimeout: firstPartTimeout,
            betweenParts: betweenParts)
    }

    func close() {
        thread.close(channel)
    }
}
