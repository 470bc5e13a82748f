import NIOCore
import NIOHTTP1

/// `GET /v2 HTTP/1.1` (RFC 9112, section 3).
struct RequestLine {
    /// Those that RFC 9110 and RFC 5789 define, without CONNECT, which is for proxies.
    static let methods: [HTTPMethod] = [.GET, .HEAD, .POST, .PUT, .DELETE, .OPTIONS, .TRACE, .PATCH]

    var method: HTTPMethod
    /// As `RequestTarget` gives it.
    var path: String
    var version: HTTPVersion

    init(_ line: ByteBuffer) throws(Refusal) {
        let parts = line.readableBytesView.split(
            separator: UInt8(ascii: " "), maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, parts[0].allSatisfy(FieldCharacters.isToken),
            let version = Self.version(parts[2])
        else { throw Self.unreadable(line) }
        guard version.major == 1 else {
            throw Refusal(
                .httpVersionNotSupported,
                "expected a request of HTTP/1.1, got version \(version.major).\(version.minor)",
                closesConnection: true)
        }
        guard !parts[1].isEmpty, parts[1].allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw Self.unreadable(line)
        }
        let name = String(decoding: parts[0], as: UTF8.self)
        guard let method = Self.methods.first(where: { $0.rawValue == name }) else {
            throw Refusal(
                .notImplemented,
                """
                unknown method '\(name.prefix(40))': expected one of \
                \(Self.methods.map(\.rawValue).joined(separator: ", "))
                """, closesConnection: true)
        }
        self.method = method
        path = try RequestTarget.path(String(decoding: parts[1], as: UTF8.self), of: method)
        self.version = version
    }

    private static func version(_ bytes: ByteBufferView.SubSequence) -> HTTPVersion? {
        let text = Array(bytes)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard text.count == 8, text.starts(with: "HTTP/".utf8), digits.contains(text[5]),
            text[6] == UInt8(ascii: "."), digits.contains(text[7])
        else { return nil }
        return HTTPVersion(major: Int(text[5] - 0x30), minor: Int(text[7] - 0x30))
    }

    private static func unreadable(_ line: ByteBuffer) -> Refusal {
        Refusal(
            .badRequest,
            "expected a request of HTTP/1.1, as 'GET /v2 HTTP/1.1', got '\(String(buffer: line).prefix(40))'",
            closesConnection: true)
    }
}
