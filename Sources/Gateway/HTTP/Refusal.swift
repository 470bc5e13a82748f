import NIOHTTP1
import Wire

/// A request that gets an error instead of an answer: with which status, and what its body says.
struct Refusal: Error {
    /// Bytes of a message, which may quote the request: what a client sends does not come back at any length.
    static let messageBytes = 2 << 10

    var status: HTTPResponseStatus
    /// What was expected, what came, what to do.
    var message: String
    /// Seconds after which another try makes sense.
    var retryAfter: Int?
    /// The connection ends with this answer, because the rest of the request is not wanted.
    var closesConnection = false
    /// The version that the request was for, once that was known.
    var target: RouteIndex.Target?
    /// Fields that belong to the status.
    var headers: [(name: String, value: String)] = []

    init(_ status: HTTPResponseStatus, _ message: String, retryAfter: Int? = nil, closesConnection: Bool = false) {
        self.status = status
        self.message = Self.bounded(message)
        self.retryAfter = retryAfter
        self.closesConnection = closesConnection
    }

    init(_ failure: Failure) {
        let status: HTTPResponseStatus =
            switch failure.code {
            case .invalidArgument: .badRequest
            case .notFound: .notFound
            case .unavailable, .queueFull: .serviceUnavailable
            case .deadlineExceeded: .gatewayTimeout
            case .permissionDenied: .forbidden
            case .failedPrecondition: .conflict
            // Nobody reads it, but it is counted: as nginx does.
            case .cancelled: .custom(code: 499, reasonPhrase: "Client Closed Request")
            case .unspecified, .protocolMismatch, .dataCorrupted, .internal: .internalServerError
            }
        self.init(status, failure.message, retryAfter: status == .serviceUnavailable ? 1 : nil)
    }

    init(_ error: any Error) {
        switch error {
        case let refusal as Refusal: self = refusal
        case let failure as Failure: self.init(failure)
        default: self.init(.internalServerError, "the gateway failed: \(type(of: error))")
        }
    }

    /// Cut between characters where it is too long.
    private static func bounded(_ message: String) -> String {
        guard message.utf8.count > messageBytes else { return message }
        return String(decoding: message.utf8.prefix(messageBytes), as: UTF8.self) + "…"
    }
}
