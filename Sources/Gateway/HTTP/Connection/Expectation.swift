import NIOHTTP1

/// What a client wants to hear before it sends its body (RFC 9110, section 10.1.1).
enum Expectation {
    case nothing
    /// That its body is welcome.
    case `continue`

    init(_ head: HTTPRequestHead) throws(Refusal) {
        // HTTP/1.0 does not know it. Elements of a list may be empty, and several fields are one list (section 5.6.1).
        let all = head.version == .http1_0 ? [] : head.headers[canonicalForm: "expect"].filter { !$0.isEmpty }
        if let other = all.first(where: { $0.lowercased() != "100-continue" }) {
            throw Refusal(
                .expectationFailed, "expect: expected 100-continue, got '\(other.prefix(100))'", closesConnection: true)
        }
        self = all.isEmpty ? .nothing : .continue
    }
}
