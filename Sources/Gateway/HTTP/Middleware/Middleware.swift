/// What requests of every route pass, before they are read and when they are answered. It decides by what is at hand: it runs
/// on the event loop of the connection.
protocol Middleware: Sendable {
    /// A request's head is there. May change the request, and throws where it is not to be answered: then the rest of the
    /// list and the route do not see it.
    func receive(_ request: inout GatewayRequest) throws(Refusal)

    /// An answer is about to leave: also a refusal, and also one of what could not be read and was never received.
    func send(_ answer: inout Answer, for request: GatewayRequest)

    /// An answer that has been sent in part breaks off.
    func breakOff(_ refusal: Refusal, _ request: GatewayRequest)
}

extension Middleware {
    func receive(_ request: inout GatewayRequest) throws(Refusal) {}
    func send(_ answer: inout Answer, for request: GatewayRequest) {}
    func breakOff(_ refusal: Refusal, _ request: GatewayRequest) {}
}
