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

    /// What inference gave.
    init(_ body: InferResponseWriter.Body, _ target: RouteIndex.Target) {
        status = .ok
        headers = HTTPHeaders()
        // Those of here, and those of the connection.
        headers.reserveCapacity(8)
        if let length = body.headerLength {
            headers.add(name: "content-type", value: "application/octet-stream")
            headers.add(name: HeaderName.inferenceHeaderLength, value: String(length))
        } else {
            headers.add(name: "content-type", value: "application/json")
        }
        headers.add(name: HeaderName.modelVersion, value: target.versionText)
        headers.add(name: HeaderName.checkpoint, value: target.digestText)
        self.body = body.buffer
    }

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
        // The length is the connection's to say, which knows the body.
        for field in fields where field.name != .contentLength {
            headers.add(name: field.name.rawName, value: field.value)
        }
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
