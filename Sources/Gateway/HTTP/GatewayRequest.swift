import NIOCore
import NIOHTTP1

/// A request as middleware and routes see it: from when its head is there, and with all of its body once a route answers it.
struct GatewayRequest: Sendable {
    var head: HTTPRequestHead
    /// What it asks for.
    var match: RouteMatch
    var framing = BodyFraming.none
    /// When its head was there.
    var received: ContinuousClock.Instant
    /// Where what is held for it counts.
    var ticket: AdmissionControl.Ticket
    /// Where the work for it is done.
    var turns: Turns
    /// It came when a shutdown had begun.
    var isInShutdown = false

    /// Under which it appears in logs, in its answer and in the trace; of `RequestIdentity`.
    var id = ""
    var trace: TraceParent?
    /// What its body may be, and how it is sent; of `BodyTerms`.
    var bodyLimit = BodyLimit(bytes: 0)
    var expectation = Expectation.nothing
    var coding: ContentDecoder.Coding?

    var body = ByteBuffer()
    /// Bytes of further requests that came with it, and are held meanwhile.
    var bytesBehind = 0

    var route: Route { match.route }
    /// Of a route whose pattern has `{model}`.
    var model: ModelName { ModelName(match) }
}
