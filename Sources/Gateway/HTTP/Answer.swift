import NIOCore
import NIOHTTP1

/// What is answered to a request.
struct Answer: Sendable {
    enum Body: Sendable {
        case whole(ByteBuffer)
        /// In parts, whose number and size nobody knows yet.
        case stream(any AnswerStream)

        /// Bytes that are there.
        var readableBytes: Int {
            if case .whole(let bytes) = self { bytes.readableBytes } else { 0 }
        }
    }

    var status: HTTPResponseStatus
    var headers = HTTPHeaders()
    var body = Body.whole(ByteBuffer())
    /// The connection ends with this answer, because the rest of the request is not wanted.
    var closesConnection = false
    /// Why it says no, for those that count and log; nil where it does not.
    private(set) var error: (any Error)?
    /// The request was refused before its route was asked.
    var precedesRoute = false

    /// Nil where all of it is there.
    var stream: (any AnswerStream)? {
        if case .stream(let stream) = body { stream } else { nil }
    }

    /// One without a body that says something.
    init(_ status: HTTPResponseStatus) {
        self.status = status
    }

    /// Which methods there are.
    init(allow methods: String) {
        status = .noContent
        headers.add(name: "allow", value: methods)
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
        self.body = .whole(body.buffer)
    }

    init(_ json: JSONText, status: HTTPResponseStatus = .ok, target: RouteIndex.Target? = nil) {
        self.status = status
        headers.add(name: "content-type", value: "application/json")
        if let target { name(target) }
        body = .whole(json.buffer)
    }

    init(text: String, type: String) {
        status = .ok
        headers.add(name: "content-type", value: type)
        body = .whole(ByteBuffer(string: text))
    }

    /// What comes part by part.
    init(_ stream: any AnswerStream, type: String, target: RouteIndex.Target? = nil) {
        status = .ok
        headers.add(name: "content-type", value: type)
        if let target { name(target) }
        body = .stream(stream)
    }

    /// `{"error":"…"}` and what belongs to it.
    init(_ refusal: Refusal) {
        self.init(refusal.json, status: refusal.status, target: refusal.target)
        if let seconds = refusal.retryAfter { retry(after: seconds) }
        for (name, value) in refusal.headers { headers.add(name: name, value: value) }
        closesConnection = refusal.closesConnection
        error = refusal
    }

    /// Whatever went wrong.
    init(_ error: any Error) {
        self.init(Refusal(error))
        self.error = error
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
