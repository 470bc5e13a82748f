import NIOCore
import NIOHTTP1

/// A whole HTTP response.
struct Answer: Sendable {
    var status: HTTPResponseStatus
    var headers = HTTPHeaders()
    var body = ByteBuffer()
    /// The connection ends with this answer, because the rest of the request is not wanted.
    var closesConnection = false

    /// One without a body that says something.
    init(_ status: HTTPResponseStatus) {
        self.status = status
    }

    /// What inference gave.
    init(_ body: InferResponseWriter.Body, _ target: RouteIndex.Target) {
        status = .ok
        // Those of here, and those of the connection.
        headers.reserveCapacity(8)
        if let length = body.headerLength {
            headers.add(name: "content-type", value: "application/octet-stream")
            headers.add(name: HeaderName.inferenceHeaderLength, value: String(length))
        } else {
            headers.add(name: "content-type", value: "application/json")
        }
        name(target)
        self.body = body.buffer
    }

    init(_ json: JSONText, status: HTTPResponseStatus = .ok, target: RouteIndex.Target? = nil) {
        self.status = status
        headers.add(name: "content-type", value: "application/json")
        if let target { name(target) }
        body = json.buffer
    }

    init(text: String, type: String) {
        status = .ok
        headers.add(name: "content-type", value: type)
        body = ByteBuffer(string: text)
    }

    /// `{"error":"…"}` and what belongs to it.
    init(_ refusal: Refusal) {
        var json = JSONText()
        json.raw("{\"error\":")
        json.string(refusal.message)
        json.raw("}")
        self.init(json, status: refusal.status, target: refusal.target)
        if let seconds = refusal.retryAfter { retry(after: seconds) }
        for (name, value) in refusal.headers { headers.add(name: name, value: value) }
        closesConnection = refusal.closesConnection
    }

    /// After how many seconds another try makes sense.
    mutating func retry(after seconds: Int) {
        headers.add(name: "retry-after", value: String(seconds))
    }

    /// Says which version answered, or would have.
    private mutating func name(_ target: RouteIndex.Target) {
        headers.add(name: HeaderName.modelVersion, value: target.versionText)
        headers.add(name: HeaderName.checkpoint, value: target.digestText)
    }
}
