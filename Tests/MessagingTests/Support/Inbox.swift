import Messaging
import Wire

/// Collects what a handler gets, for a test to await.
final class Inbox: Sendable {
    struct Item: Sendable {
        let peer: Peer?
        let message: Message
    }

    struct Ended: Error {}

    private let stream: AsyncStream<Item>
    private let continuation: AsyncStream<Item>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func put(_ message: Message) {
        continuation.yield(Item(peer: nil, message: message))
    }

    func put(_ peer: Peer, _ message: Message) {
        continuation.yield(Item(peer: peer, message: message))
    }

    /// The next item; waits for it.
    func next() async throws -> Item {
        for await item in stream { return item }
        throw Ended()
    }
}
