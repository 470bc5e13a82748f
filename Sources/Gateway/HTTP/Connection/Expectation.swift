import NIOHTTP1

/// What a client wants to hear before it sends its body (RFC 9110, section 10.1.1).
enum Expectation {
    case nothing
    /// That its body is welcome.
    case `continue`

    init(_ head: HTTPRequestHead) throws(Refusal) {
        // HTTP/1.0 does not know it.
        guard head.version != .http1_0, let field = head.headers.first(name: "expect") else {
            self = .nothing
            return
        }
        guard field.lowercased() == "100-continue" else {
            throw Refusal(
                .expectationFailed, "expect: expected 100-continue, got '\(field.prefix(100))'", closesConnection: true)
        }
        self = .continue
    }
}
