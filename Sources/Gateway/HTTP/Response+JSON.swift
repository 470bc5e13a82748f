import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    static func json(_ json: JSONText, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: json.buffer))
    }
}

extension HTTPFields {
    /// Says which version answered, or would have.
    mutating func name(_ target: RouteIndex.Target) {
        self[.modelVersion] = target.versionText
        self[.checkpoint] = target.digestText
    }
}
