import NIOHTTP1

/// Judges by its head what a request's body will be: an expectation, a length or a coding that cannot be met is refused
/// before a byte of it is read.
struct BodyTerms: Middleware {
    /// Bytes of a body, whatever the route.
    let bytes: Int

    func receive(_ request: inout GatewayRequest) throws(Refusal) {
        request.expectation = try Expectation(request.head)
        request.bodyLimit = BodyLimit(bytes: min(bytes, request.route.terms.bodyBytes))
        try request.bodyLimit.check(request.framing)
        request.coding = request.framing == .none ? nil : try ContentDecoder.coding(request.head.headers)
    }
}
