import Explanations
import Logging
import NIOHTTP1

/// Logs every answer, and loudly those that are the gateway's or a node's fault.
struct AccessLog: Middleware {
    let logger: Logger

    func send(_ answer: inout Answer, for request: GatewayRequest) {
        if answer.status == .internalServerError, let error = answer.error {
            logger.error("request failed", metadata: ["error": "\(error.explanation)"])
        }
        logger.debug(
            "answered",
            metadata: [
                "request": "\(answer.headers.first(name: HeaderName.requestID) ?? "")",
                "method": "\(request.head.method)", "uri": "\(request.head.uri)",
                "status": "\(answer.status.code)", "elapsed": "\(ContinuousClock.now - request.received)",
            ])
    }

    func breakOff(_ refusal: Refusal, _ request: GatewayRequest) {
        if refusal.status == .internalServerError {
            logger.error("an answer broke off", metadata: ["error": "\(refusal.message)"])
        }
        logger.debug(
            "broke off",
            metadata: [
                "request": "\(request.id)", "uri": "\(request.head.uri)", "status": "\(refusal.status.code)",
                "reason": "\(refusal.message)", "elapsed": "\(ContinuousClock.now - request.received)",
            ])
    }
}
