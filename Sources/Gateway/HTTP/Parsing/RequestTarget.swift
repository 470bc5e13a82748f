import NIOHTTP1

/// What a request line asks for (RFC 9112, section 3.2), as the path that routes are made of.
enum RequestTarget {
    /// `*`, which asks about the server as a whole.
    static let server = "*"

    /// The path with its query, or `*`. A whole URL stands for its path: this server answers for every name it is
    /// reached by.
    static func path(_ target: String, of method: HTTPMethod) throws(Refusal) -> String {
        if target.hasPrefix("/") { return target }
        if target == server, method == .OPTIONS { return target }
        let scheme = target.utf8.prefix(8)
        let start = ["http://", "https://"].first { scheme.lowercased.starts(with: $0.utf8) }?.utf8.count
        guard let start else { throw unreadable(target) }
        let rest = target.utf8.dropFirst(start)
        let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        guard !authority.isEmpty, HostField.isValid(String(Substring(authority))) else { throw unreadable(target) }
        let path = String(Substring(rest[authority.endIndex...]))
        if path.isEmpty { return method == .OPTIONS ? server : "/" }
        return path.hasPrefix("/") ? path : "/" + path
    }

    private static func unreadable(_ target: String) -> Refusal {
        Refusal(
            .badRequest,
            "request line: expected a path as /v2/models/{model}/infer, or a URL of http, got '\(target.prefix(100))'",
            closesConnection: true)
    }
}

extension Sequence<UInt8> {
    /// With the capital letters of ASCII made small.
    fileprivate var lowercased: [UInt8] { map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 } }
}
