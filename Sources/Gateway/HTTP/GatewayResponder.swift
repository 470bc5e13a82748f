import Explanations
import Logging
import NIOCore
import NIOHTTP1

/// What every request passes: gives it an id, finds what it asks for, turns every error into a body that says what was
/// wrong, and logs.
struct GatewayResponder: RequestHandler {
    let inference: InferenceRoute
    let metadata: MetadataRoutes
    let metrics: GatewayMetrics
    let gauges: @Sendable () -> GatewayGauges
    let logger: Logger
    let identity = RequestIdentity()

    func resource(_ head: HTTPRequestHead) throws(Refusal) -> Resource {
        guard let resource = Resource(head.uri) else {
            throw Refusal(
                .notFound,
                """
                no route for \(head.method) \(head.uri.prefix(200)): expected one of the Open Inference Protocol v2, \
                as GET /v2/models/{model} or POST /v2/models/{model}/infer
                """)
        }
        if case .notOffered(let what) = resource { throw Refusal(.notImplemented, "not offered here: \(what)") }
        guard head.method == .OPTIONS || resource.methods.contains(head.method) else {
            var refusal = Refusal(
                .methodNotAllowed,
                "\(head.uri.prefix(200)): expected one of \(resource.allow), got \(head.method)")
            refusal.headers = [("allow", resource.allow)]
            throw refusal
        }
        return resource
    }

    func answer(_ request: WholeRequest) async -> Answer {
        var answer: Answer
        do {
            if case .inference(let name) = request.resource, request.head.method != .OPTIONS {
                answer = try await inference.answer(request, name)
            } else {
                answer = try answerAtOnce(request)
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
        if refusal.status == .tooManyRequests || refusal.status == .serviceUnavailable { metrics.recordRefusal() }
        var answer = Answer(note(refusal, refusal))
        finish(&answer, head)
        return answer
    }

    /// What needs no node.
    private func answerAtOnce(_ request: WholeRequest) throws -> Answer {
        let resource = request.resource
        guard request.head.method != .OPTIONS else {
            var answer = Answer(.noContent)
            answer.headers.add(name: "allow", value: resource.allow)
            return answer
        }
        return switch resource {
        case .server: metadata.server
        case .live: Answer(.ok)
        case .ready: metadata.ownReadiness
        case .metrics:
            Answer(text: metrics.prometheusText(gauges()), type: "text/plain; version=0.0.4; charset=utf-8")
        case .repositoryIndex: try metadata.repositoryIndex()
        case .model(let name): try metadata.model(name)
        case .modelReady(let name): try metadata.readiness(name)
        case .configuration(let name): try metadata.configuration(name)
        case .statistics(let name): try metadata.statistics(name)
        // None comes as far as this: a target of `*` is for OPTIONS alone, what is not offered was refused with its
        // head, and inference goes to a node.
        case .everything, .notOffered, .inference:
            throw Refusal(.methodNotAllowed, "nothing to do with \(request.head.uri)")
        }
    }

    private func finish(_ answer: inout Answer, _ head: HTTPRequestHead) {
        answer.headers.add(
            name: HeaderName.requestID, value: identity.identity(head.headers.first(name: HeaderName.requestID)))
    }

    /// Counts a refusal that no route has counted.
    private func note(_ refusal: Refusal, _ error: any Error) -> Refusal {
        if refusal.target == nil { metrics.record(status: Int(refusal.status.code)) }
        if refusal.status == .internalServerError {
            logger.error("request failed", metadata: ["error": "\(error.explanation)"])
        }
        return refusal
    }
}
