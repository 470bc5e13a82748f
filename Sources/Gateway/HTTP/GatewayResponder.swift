import HTTPTypes
import Hummingbird
import Logging

/// The outermost layer: gives every request an id, turns every error into a body that says what was wrong, and logs.
struct GatewayResponder<Routes: HTTPResponder>: HTTPResponder where Routes.Context == GatewayContext {
    let routes: Routes
    let metrics: GatewayMetrics
    let limits: GatewayConfiguration.Limits
    let identity = RequestIdentity()

    func respond(to request: Request, context: GatewayContext) async throws -> Response {
        let id = identity.identity(request.headers[.requestID])
        var response: Response
        do {
            response = try await routes.respond(to: request, context: context)
        } catch {
            let refusal = Refusal(error)
            if refusal.target == nil { metrics.record(status: refusal.status.code) }
            if refusal.status == .internalServerError {
                context.logger.error("request failed", metadata: ["request": "\(id)", "error": "\(error)"])
            }
            response = Response(refusal, discarding: discarding(request))
        }
        response.headers[.requestID] = id
        context.logger.debug(
            "answered",
            metadata: [
                "request": "\(id)", "method": "\(request.method)", "path": "\(request.uri.path)",
                "status": "\(response.status.code)", "elapsed": "\(ContinuousClock.now - context.received)",
            ])
        return response
    }

    /// An announced body that was refused unread is discarded up to its own limit; one that came in pieces was read
    /// that far already.
    private func discarding(_ request: Request) -> (body: RequestBody, limit: Int)? {
        request.headers[.contentLength] == nil ? nil : (request.body, limits.bodyBytes)
    }
}
