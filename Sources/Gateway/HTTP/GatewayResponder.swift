import Explanations
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1

/// The outermost layer: gives every request an id, turns every error into a body that says what was wrong, and logs.
struct GatewayResponder<Routes: HTTPResponder>: RequestHandler where Routes.Context == GatewayContext {
    let inference: InferenceRoute
    /// All other paths.
    let routes: Routes
    let metrics: GatewayMetrics
    let logger: Logger
    let identity = RequestIdentity()

    func answer(_ request: WholeRequest, over channel: any Channel) async -> Answer {
        var answer: Answer
        do {
            if request.head.method == .POST, let path = InferencePath(request.head.uri) {
                answer = try await inference.answer(request, path)
            } else {
                let context = GatewayContext(channel: channel, logger: logger)
                answer = try await Answer(try await routes.respond(to: try Request(request), context: context))
            }
        } catch {
            answer = Answer(note(Refusal(error), error))
        }
        finish(&answer, request.head)
        logger.debug(
            "answered",
            metadata: [
                "request": "\(answer.headers.first(name: HeaderName.requestID) ?? "")",
                "method": "\(request.head.method)",
                "uri": "\(request.head.uri)", "status": "\(answer.status.code)",
                "elapsed": "\(ContinuousClock.now - request.received)",
            ])
        return answer
    }

    func refuse(_ head: HTTPRequestHead, _ refusal: Refusal) -> Answer {
        if refusal.status == .tooManyRequests { metrics.recordRefusal() }
        var answer = Answer(note(refusal, refusal))
        finish(&answer, head)
        return answer
    }

    private func finish(_ answer: inout Answer, _ head: HTTPRequestHead) {
        answer.headers.add(
            name: HeaderName.requestID, value: identity.identity(head.headers.first(name: HeaderName.requestID)))
    }

    /// Counts a refusal that no route has counted.
    private func note(_ refusal: Refusal, _ error: any Error) -> Refusal {
        if refusal.target == nil { metrics.record(status: refusal.status.code) }
        if refusal.status == .internalServerError {
            logger.error("request failed", metadata: ["error": "\(error.explanation)"])
        }
        return refusal
    }
}

extension Request {
    /// Throws 400 where the head is not one that HTTP allows.
    init(_ request: WholeRequest) throws(Refusal) {
        guard let method = HTTPRequest.Method(rawValue: request.head.method.rawValue) else {
            throw Refusal(.badRequest, "unknown method \(request.head.method.rawValue)")
        }
        var fields = HTTPFields()
        for (name, value) in request.head.headers {
            // The decoder has checked the characters; what has no place in HTTPFields is of no interest here.
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        self.init(
            head: HTTPRequest(
                method: method, scheme: "http", authority: request.head.headers.first(name: "host"),
                path: request.head.uri, headerFields: fields),
            body: RequestBody(buffer: request.body))
    }
}
