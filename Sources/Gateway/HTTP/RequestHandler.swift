import NIOCore
import NIOHTTP1

/// Answers whole requests.
protocol RequestHandler: Sendable {
    /// Every request gets an answer: what goes wrong becomes one that says so.
    func answer(_ request: WholeRequest, over channel: any Channel) async -> Answer

    /// The answer to a request that is refused before its body is read.
    func refuse(_ head: HTTPRequestHead, _ refusal: Refusal) -> Answer
}

/// A request with all of its body.
struct WholeRequest: Sendable {
    var head: HTTPRequestHead
    var body: ByteBuffer
    /// When its head was there.
    var received: ContinuousClock.Instant
}
