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
        let read = line.withUnsafeReadableBytes { bytes in Result { () throws(Refusal) in try Self(bytes) } }
        self = try read.get()
    }

    private init(_ line: UnsafeRawBufferPointer) throws(Refusal) {
        let space = UInt8(ascii: " ")
        guard let first = line.firstIndex(of: space), let last = line.lastIndex(of: space), 0 < first, first < last,
            line[..<first].allSatisfy(FieldCharacters.isToken), let version = Self.version(line[(last + 1)...])
        else { throw Self.unreadable(line) }
        guard version.major == 1 else {
            throw Refusal(
                .httpVersionNotSupported,
                "expected a request of HTTP/1.1, got version \(version.major).\(version.minor)",
                closesConnection: true)
        }
        // Also no space.
        let target = line[(first + 1)..<last]
        guard !target.isEmpty, target.allSatisfy({ (0x21...0x7e).contains($0) }) else { throw Self.unreadable(line) }
        guard let method = Self.methods.first(where: { line[..<first].elementsEqual($0.rawValue.utf8) }) else {
            throw Refusal(
                .notImplemented,
                """
                unknown method '\(String(decoding: line[..<first].prefix(40), as: UTF8.self))': expected one of \
                \(Self.methods.map(\.rawValue).joined(separator: ", "))
                """, closesConnection: true)
        }
        self.method = method
        path = try RequestTarget.path(String(decoding: target, as: UTF8.self), of: method)
        self.version = version
    }

    private static func version(_ bytes: Slice<UnsafeRawBufferPointer>) -> HTTPVersion? {
        let text = UnsafeRawBufferPointer(rebasing: bytes)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard text.count == 8, text.starts(with: "HTTP/".utf8), digits.contains(text[5]),
            text[6] == UInt8(ascii: "."), digits.contains(text[7])
        else { return nil }
        return HTTPVersion(major: Int(text[5] - 0x30), minor: Int(text[7] - 0x30))
    }

    private static func unreadable(_ line: UnsafeRawBufferPointer) -> Refusal {
        Refusal(
            .badRequest,
            """
            expected a request of HTTP/1.1, as 'GET /v2 HTTP/1.1', got \
            '\(String(decoding: line.prefix(40), as: UTF8.self))'
            """, closesConnection: true)
    }
}
