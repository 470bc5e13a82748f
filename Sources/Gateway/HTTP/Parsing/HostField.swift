import NIOHTTP1

/// The name under which a client reached the server (RFC 9110, section 7.2). Every request of HTTP/1.1 must have one,
/// and one only: two would be two readings of whom the request is for.
enum HostField {
    static func check(_ head: HTTPRequestHead) throws(Refusal) {
        let values = head.headers["host"]
        guard values.count == 1 || (values.isEmpty && head.version == .http1_0) else {
            throw Refusal(
                .badRequest, "host: expected this field once in a request of HTTP/1.1, got it \(values.count) times",
                closesConnection: true)
        }
        for value in values where !isValid(value) {
            throw Refusal(
                .badRequest, "host: expected a name or an address with or without a port, got '\(value.prefix(100))'",
                closesConnection: true)
        }
    }

    /// `uri-host [ ":" port ]` of RFC 3986; an empty name is allowed.
    static func isValid(_ value: String) -> Bool {
        var rest = value.utf8[...]
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let address = rest[rest.index(after: rest.startIndex)..<end]
            guard !address.isEmpty, address.allSatisfy({ isName($0) || $0 == UInt8(ascii: ":") }) else { return false }
            rest = rest[rest.index(after: end)...]
        } else {
            let end = rest.firstIndex(of: UInt8(ascii: ":")) ?? rest.endIndex
            guard rest[..<end].allSatisfy(isName) else { return false }
            rest = rest[end...]
        }
        guard let colon = rest.first else { return true }
        let port = rest.dropFirst()
        return colon == UInt8(ascii: ":") && port.count <= 5
            && port.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// `unreserved`, `pct-encoded` or `sub-delims`.
    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~%!$&'()*+,;=".utf8.contains(byte)
        }
    }
}
