import Messaging
import Wire

/// Collects requests with the way back to whoever made them, for a test to answer.
final class Asked: Sendable {
    struct Item: Sendable {
        let peer: Peer?
        let message: Message
        let responder: Responder
    }

    struct Ended: Error {}

    private let stream: AsyncStream<Item>
    private let continuation: AsyncStream<Item>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func put(_ peer: Peer?, _ message: Message, _ responder: Responder) {
        continuation.yield(Item(peer: peer, message: message, responder: responder))
    }

    /// The next item; waits for it.
    func next() async throws -> Item {
        for await item in stream { return item }
        throw Ended()
    }

    /// The writer of the next request's answer.
    func nextWriter() async throws -> StreamWriter {
        guard let writer = try await next().responder.open() else { throw Ended() }
        return writer
    }
}
