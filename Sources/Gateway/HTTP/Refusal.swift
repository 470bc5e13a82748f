import HTTPTypes
import Wire

/// A request that gets an error instead of an answer: with which status, and what its body says.
struct Refusal: Error {
    var status: HTTPResponse.Status
    /// What was expected, what came, what to do.
    var message: String
    /// Seconds after which another try makes sense.
    var retryAfter: Int?
    /// The connection ends with this answer, because the rest of the request is not wanted.
    var closesConnection = false
    /// The version that the request was for, once that was known.
    var target: RouteIndex.Target?

    init(_ status: HTTPResponse.Status, _ message: String, retryAfter: Int? = nil, closesConnection: Bool = false) {
        self.status = status
        self.message = message
        self.retryAfter = retryAfter
        self.closesConnection = closesConnection
    }

    init(_ failure: Failure) {
        let status: HTTPResponse.Status =
            switch failure.code {
            case .invalidArgument: .badRequest
            case .notFound: .notFound
            case .unavailable, .queueFull: .serviceUnavailable
            case .deadlineExceeded: .gatewayTimeout
            case .permissionDenied: .forbidden
            case .alreadyExists, .failedPrecondition: .conflict
            case .cancelled: .serviceUnavailable
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
}
