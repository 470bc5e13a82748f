import Cluster
import Messaging
import NIOCore
import NIOHTTP1
import Wire

/// `POST /v2/models/{model}[/versions/{version}]/infer`.
struct InferenceRoute: Sendable {
    let dispatcher: Dispatcher
    let metrics: GatewayMetrics
    let limits: GatewayConfiguration.Limits

    func answer(_ request: WholeRequest, _ name: Resource.Name) async throws -> Answer {
        let target = try dispatcher.index.target(model: name.model, version: name.version)
        let label = GatewayMetrics.Label(model: target.route.model, version: target.versionText)
        do {
            let (answer, rows) = try await infer(request, target)
            metrics.record(label, status: 200, elapsed: .now - request.received, rows: rows)
            return answer
        } catch {
            var refusal = Refusal(error)
            refusal.target = target
            metrics.record(label, status: Int(refusal.status.code), elapsed: .now - request.received)
            throw refusal
        }
    }

    private func infer(_ request: WholeRequest, _ target: RouteIndex.Target) async throws -> (Answer, rows: Int) {
        let headers = request.head.headers
        let allowed = try allowedTime(headers)
        let call = try read(request.body, headers, target)
        let held = request.body.readableBytes + request.bytesBehind + call.frames.reduce(0) { $0 + $1.count }
        try request.ticket.hold(held)
        let time = min(allowed, call.timeout ?? allowed)
        let (response, frames) = try await dispatcher.infer(
            call, target: target, received: request.received, allowed: time,
            traceparent: headers.first(name: HeaderName.traceparent).flatMap(TraceParent.init)?
                .child(id: .random(in: 1 ... .max)))
        try request.ticket.hold(
            held + frames.reduce(0) { $0 + $1.count } + InferResponseWriter.capacity(for: frames))
        return (Answer(try InferResponseWriter.write(response, frames: frames, for: call), target), call.rows)
    }

    private func read(
        _ body: ByteBuffer, _ headers: HTTPHeaders, _ target: RouteIndex.Target
    ) throws(Failure) -> InferenceCall {
        var headerLength: Int?
        if let field = headers.first(name: HeaderName.inferenceHeaderLength) {
            guard let length = Int(field) else {
                throw Failure(
                    .invalidArgument, "Inference-Header-Content-Length: expected a number of bytes, got '\(field)'")
            }
            headerLength = length
        }
        let result = body.withUnsafeReadableBytes { bytes in
            Result { () throws(Failure) in
                try InferRequestReader.read(bytes, headerLength: headerLength, interface: target.route.interface)
            }
        }
        return try result.get()
    }

    /// What the caller's header allows, but never more than the gateway's own limit.
    private func allowedTime(_ headers: HTTPHeaders) throws(Refusal) -> Duration {
        guard let field = headers.first(name: HeaderName.timeout) else { return limits.requestTimeout }
        guard let milliseconds = Int(field), milliseconds >= 0 else {
            throw Refusal(.badRequest, "martlet-timeout-ms: expected milliseconds from 0, got '\(field)'")
        }
        return min(.milliseconds(milliseconds), limits.requestTimeout)
    }
}
