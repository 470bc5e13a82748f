import NIOHTTP1

/// What a client wants to hear before it sends its body (RFC 9110, section 10.1.1).
enum Expectation {
    case nothing
    /// That its body is welcome.
    case `continue`

    init(_ head: HTTPRequestHead) throws(Refusal) {
        // HTTP/1.0 does not know it.
        let fields = head.version == .http1_0 ? [] : head.headers["expect"]
        guard !fields.isEmpty else {
            self = .nothing
            return
        }
        if let other = fields.first(where: { $0.lowercased() != "100-continue" }) {
            throw Refusal(
                .expectationFailed, "expect: expected 100-continue, got '\(other.prefix(100))'", closesConnection: true)
        }
        self = .continue
    }
}
