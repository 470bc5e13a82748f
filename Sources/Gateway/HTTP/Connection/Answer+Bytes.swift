import NIOCore
import NIOHTTP1

extension Answer {
    /// The status line and the fields, those of the connection among them.
    func head(to request: HTTPRequestHead, isLast: Bool) -> ByteBuffer {
        var bytes = ByteBufferAllocator().buffer(capacity: 512)
        bytes.writeStaticString("HTTP/1.1 ")
        bytes.writeString(String(status.code))
        bytes.writeStaticString(" ")
        bytes.writeString(status.reasonPhrase)
        for (name, value) in headers { Self.write(name, value, into: &bytes) }
        switch body {
        // A 204 has no body and no length of one (RFC 9110, section 8.6).
        case .whole(let body) where status != .noContent:
            Self.write("content-length", String(body.readableBytes), into: &bytes)
        case .stream where request.version != .http1_0: Self.write("transfer-encoding", "chunked", into: &bytes)
        case .whole, .stream: break
        }
        Self.write("date", HTTPDate.now, into: &bytes)
        if isLast {
            Self.write("connection", "close", into: &bytes)
        } else if request.version == .http1_0 {
            Self.write("connection", "keep-alive", into: &bytes)
        }
        bytes.writeStaticString("\r\n\r\n")
        return bytes
    }

    private static func write(_ name: String, _ value: String, into bytes: inout ByteBuffer) {
        bytes.writeStaticString("\r\n")
        bytes.writeString(name)
        bytes.writeStaticString(": ")
        bytes.writeString(value)
    }
}
