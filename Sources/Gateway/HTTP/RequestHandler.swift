import NIOCore
import NIOHTTP1

/// Answers whole requests.
protocol RequestHandler: Sendable {
    /// What a head asks for. Throws where it can be refused before its body is read.
    func resource(_ head: HTTPRequestHead) throws(Refusal) -> Resource

    /// Every request gets an answer: what goes wrong becomes one that says so.
    func answer(_ request: WholeRequest) async -> Answer

    /// The answer to a request that is refused before its body is read.
    func refuse(_ head: HTTPRequestHead, _ refusal: Refusal) -> Answer
}

/// A request with all of its body.
struct WholeRequest: Sendable {
    var head: HTTPRequestHead
    var resource: Resource
    var body = ByteBuffer()
    /// Bytes of further requests that came with it, and are held meanwhile.
    var bytesBehind = 0
    /// When its head was there.
    var received: ContinuousClock.Instant
    /// Where what is held for it counts.
    var ticket: Admission.Ticket
    /// Where the work for it is done.
    var turns: Turns
}
