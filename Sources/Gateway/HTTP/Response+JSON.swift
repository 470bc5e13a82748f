import Hummingbird
import NIOCore

extension Response {
    static func json(_ json: JSONText, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: json.buffer))
    }

    /// `{"error":"…"}` and what belongs to it. Where the connection must end, what the client still sends is read up to
    /// `discarding` bytes, so that a client which writes all before it reads gets to see the answer.
    init(_ refusal: Refusal, discarding: (body: RequestBody, limit: Int)? = nil) {
        var json = JSONText()
        json.raw("{\"error\":")
        json.string(refusal.message)
        json.raw("}")
        self = .json(json, status: refusal.status)
        if let seconds = refusal.retryAfter { headers[.retryAfter] = String(seconds) }
        if let target = refusal.target { name(target) }
        guard refusal.closesConnection else { return }
        headers[.connection] = "close"
        let buffer = json.buffer
        body = ResponseBody(contentLength: buffer.readableBytes) { writer in
            try await writer.write(buffer)
            try await writer.finish(nil)
            if let discarding {
                var left = discarding.limit
                for try await piece in discarding.body {
                    left -= piece.readableBytes
                    if left <= 0 { break }
                }
            }
            throw ConnectionEnd()
        }
    }

    /// Says which version answered, or would have.
    mutating func name(_ target: RouteIndex.Target) {
        headers[.modelVersion] = target.versionText
        headers[.checkpoint] = target.digestText
    }
}

/// Thrown after an answer is written: the server then closes the connection instead of reading the rest.
private struct ConnectionEnd: Error {}
