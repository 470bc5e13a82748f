import NIOHTTP1

/// The way of every request: it gets a route, passes the middleware, is answered by its route, and its answer passes the
/// middleware in turn. A connection has no other way to a route.
final class RequestPipeline<List: Middleware>: Sendable {
    let routes: RouteTable
    let middleware: List

    init(routes: RouteTable, middleware: List) {
        self.routes = routes
        self.middleware = middleware
    }

    /// Before anything of the body is read. Throws where the request is refused.
    func receive(_ request: inout GatewayRequest) throws(Refusal) {
        try middleware.receive(&request)
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
        middleware.send(&answer, for: request)
        return answer
    }

    /// Before an answer of a route leaves, once for each request.
    func send(_ answer: inout Answer, for request: GatewayRequest) {
        middleware.send(&answer, for: request)
    }

    /// An answer whose beginning has left breaks off.
    func breakOff(_ refusal: Refusal, _ request: GatewayRequest) {
        middleware.breakOff(refusal, request)
    }
}
