import Cluster
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Wire

/// `POST /v2/models/{model}[/versions/{version}]/infer`.
struct InferenceRoute: Sendable {
    let dispatcher: Dispatcher
    let metrics: GatewayMetrics
    let limits: GatewayConfiguration.Limits

    @Sendable func callAsFunction(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let target = try dispatcher.index.target(
            model: context.parameters.require("model"), version: context.parameters.get("version"))
        let label = GatewayMetrics.Label(model: target.route.model, version: target.versionText)
        do {
            let response = try await infer(request, context, target)
            metrics.record(label, status: 200, elapsed: .now - context.received)
            return response
        } catch {
            var refusal = Refusal(error)
            refusal.target = target
            metrics.record(label, status: refusal.status.code, elapsed: .now - context.received)
            throw refusal
        }
    }

    private func infer(
        _ request: Request, _ context: GatewayContext, _ target: RouteIndex.Target
    ) async throws -> Response {
        let allowed = try allowedTime(request.headers)
        // The connection has gathered it and kept it within the limit.
        let body = try await request.body.collect(upTo: limits.bodyBytes)
        let call = try read(body, request.headers, target)
        let time = min(allowed, call.timeout ?? allowed)
        let (answer, frames) = try await dispatcher.infer(
            call, target: target, deadline: context.received + time,
            traceparent: request.headers[.traceparent].flatMap(TraceParent.init)?.child(id: .random(in: 1 ... .max)))
        return try write(InferResponseWriter.write(answer, frames: frames, for: call), target)
    }

    private func read(
        _ body: ByteBuffer, _ headers: HTTPFields, _ target: RouteIndex.Target
    ) throws(Failure) -> InferenceCall {
        var headerLength: Int?
        if let field = headers[.inferenceHeaderLength] {
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

    private func write(_ body: InferResponseWriter.Body, _ target: RouteIndex.Target) -> Response {
        var response = Response(status: .ok, body: ResponseBody(byteBuffer: body.buffer))
        if let length = body.headerLength {
            response.headers[.contentType] = "application/octet-stream"
            response.headers[.inferenceHeaderLength] = String(length)
        } else {
            response.headers[.contentType] = "application/json"
        }
        response.headers.name(target)
        return response
    }

    /// What the caller's header allows, but never more than the gateway's own limit.
    private func allowedTime(_ headers: HTTPFields) throws(Refusal) -> Duration {
        guard let field = headers[.timeout] else { return limits.requestTimeout }
        guard let milliseconds = Int(field), milliseconds >= 0 else {
            throw Refusal(.badRequest, "martlet-timeout-ms: expected milliseconds from 0, got '\(field)'")
        }
        return min(.milliseconds(milliseconds), limits.requestTimeout)
    }
}
