/// Makes one middleware of those that are listed. Which they are is known when the gateway is compiled, so that a request
/// passes them without a search or an allocation.
@resultBuilder
enum MiddlewareList {
    static func buildPartialBlock<First: Middleware>(first: First) -> First { first }

    static func buildPartialBlock<Outer: Middleware, Inner: Middleware>(
        accumulated: Outer, next: Inner
    ) -> MiddlewarePair<Outer, Inner> {
        MiddlewarePair(outer: accumulated, inner: next)
    }
}

/// Requests pass the outer one first, answers the inner one.
struct MiddlewarePair<Outer: Middleware, Inner: Middleware>: Middleware {
    let outer: Outer
    let inner: Inner

    func receive(_ request: inout GatewayRequest) throws(Refusal) {
        try outer.receive(&request)
        try inner.receive(&request)
    }

    func send(_ answer: inout Answer, for request: GatewayRequest) {
        inner.send(&answer, for: request)
        outer.send(&answer, for: request)
    }

    func breakOff(_ refusal: Refusal, _ request: GatewayRequest) {
        inner.breakOff(refusal, request)
        outer.breakOff(refusal, request)
    }
}
