import NIOCore
import Synchronization

@testable import Gateway

/// Parts of an answer as a test says, by their number from 0.
final class TestStream: AnswerStream {
    let patience: StreamPatience
    private let part: @Sendable (Int) async throws -> ByteBuffer?
    private let counts = Mutex((asked: 0, cancelled: 0))

    init(
        patience: StreamPatience = .init(first: .seconds(3600), next: .seconds(3600)),
        _ part: @escaping @Sendable (Int) async throws -> ByteBuffer?
    ) {
        self.patience = patience
        self.part = part
    }

    /// Gives these, and then nothing.
    convenience init(_ parts: [String]) {
        self.init { $0 < parts.count ? ByteBuffer(string: parts[$0]) : nil }
    }

    var asked: Int { counts.withLock { $0.asked } }
    var cancelled: Int { counts.withLock { $0.cancelled } }

    func next() async throws -> ByteBuffer? {
        let index = counts.withLock { counts in
            counts.asked += 1
            return counts.asked - 1
        }
        return try await part(index)
    }

    func cancel() { counts.withLock { $0.cancelled += 1 } }

    func failurePart(_ refusal: Refusal) -> ByteBuffer? { StreamFormat.events.failurePart(refusal) }

    /// Waits until nobody wants it any more.
    static func never() async throws -> ByteBuffer? {
        try await Task.sleep(for: .seconds(3600))
        return nil
    }

    /// A route that answers with it.
    func route(_ terms: Route.Terms = .usual) -> Route {
        .get("/stream", "stream", terms) { _ in Answer(self, type: StreamFormat.events.contentType) }
    }
}
