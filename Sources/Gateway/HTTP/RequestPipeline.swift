import NIOHTTP1

/// The way of every request: it gets a route, passes the middleware, is answered by its route, and its answer passes the
/// middleware in turn. A connection has no other way to a route.
///
/// The list is behind one call for each of its directions, so that it is compiled as a whole, and connections need not know
/// what is in it.
final class RequestPipeline: Sendable {
    let routes: RouteTable
    private let receiving: @Sendable (inout GatewayRequest) throws(Refusal) -> Void
    private let sending: @Sendable (inout Answer, GatewayRequest) -> Void
    private let breakingOff: @Sendable (Refusal, GatewayRequest) -> Void

    init(routes: RouteTable, middleware: some Middleware) {
        self.routes = routes
        receiving = { (request: inout GatewayRequest) throws(Refusal) in try middleware.receive(&request) }
        sending = { middleware.send(&$0, for: $1) }
        breakingOff = { middleware.breakOff($0, $1) }
    }

    /// Before anything of the body is read. Throws where the request is refused.
    func receive(_ request: inout GatewayRequest) throws(Refusal) {
        try receiving(&request)
    }

    /// What its route answers to a request that was received. What goes wrong becomes an answer that says so.
    func respond(to request: GatewayRequest) async -> Answer {
        do {
            switch request.route.action {
            case .answer(let handler): return try await handler(request)
            case .refuse(let refusal): return Answer(refusal(request.head))
            }
        } catch {
            return Answer(error)
        }
    }

    /// The answer to a request that does not come as far as its route.
    func refuse(_ request: GatewayRequest, _ refusal: Refusal) -> Answer {
        var answer = Answer(refusal)
        answer.precedesRoute = true
        sending(&answer, request)
        return answer
    }

    /// Before an answer of a route leaves, once for each request.
    func send(_ answer: inout Answer, for request: GatewayRequest) {
        sending(&answer, request)
    }

    /// An answer whose beginning has left breaks off.
    func breakOff(_ refusal: Refusal, _ request: GatewayRequest) {
        breakingOff(refusal, request)
    }
}
