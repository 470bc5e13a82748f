import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOHTTP1

/// A whole HTTP response.
struct Answer: Sendable {
    var status: HTTPResponseStatus
    var headers: HTTPHeaders
    var body: ByteBuffer
    /// The connection ends with this answer, because the rest of the request is not wanted.
    var closesConnection = false

    /// Gathers a response of a route, whose body may come in pieces.
    init(_ response: Response) async throws {
        let collector = Collector()
        try await response.body.write(collector)
        self.init(status: response.status, fields: response.headers, body: collector.body)
    }

    /// `{"error":"…"}` and what belongs to it.
    init(_ refusal: Refusal) {
        var json = JSONText()
        json.raw("{\"error\":")
        json.string(refusal.message)
        json.raw("}")
        var fields: HTTPFields = [.contentType: "application/json"]
        if let seconds = refusal.retryAfter { fields[.retryAfter] = String(seconds) }
        if let target = refusal.target { fields.name(target) }
        self.init(status: refusal.status, fields: fields, body: json.buffer)
        closesConnection = refusal.closesConnection
    }

    private init(status: HTTPResponse.Status, fields: HTTPFields, body: ByteBuffer) {
        self.status = HTTPResponseStatus(statusCode: status.code, reasonPhrase: status.reasonPhrase)
        headers = HTTPHeaders()
        headers.reserveCapacity(fields.count + 4)
        for field in fields { headers.add(name: field.name.rawName, value: field.value) }
        self.body = body
    }

    private final class Collector: ResponseBodyWriter {
        var body = ByteBuffer()

        func write(_ buffer: ByteBuffer) async throws {
            if body.readableBytes == 0 { body = buffer } else { body.writeImmutableBuffer(buffer) }
        }

        func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
}
