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
    let lane: BulkLane
    let windows: RowWindows

    func answer(_ request: GatewayRequest) async throws -> Answer {
        let name = request.model
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

    private func infer(_ request: GatewayRequest, _ target: RouteIndex.Target) async throws -> (Answer, rows: Int) {
        let allowed = try allowedTime(request.head.headers)
        guard request.body.readableBytes > Turns.bulkBytes else {
            lane.small(at: request.received)
            return try await infer(request, target, allowed)
        }
        let answer = try await lane.with(until: request.received + allowed) {
            try await infer(request, target, allowed)
        }
        guard let answer else {
            throw Self.noTurn(
                """
                the request was allowed \(allowed), in which its turn did not come among other large ones: allow it more, \
                send fewer rows at once, or try again later
                """)
        }
        return answer
    }

    private func infer(
        _ request: GatewayRequest, _ target: RouteIndex.Target, _ allowed: Duration
    ) async throws -> (Answer, rows: Int) {
        let headers = request.head.headers
        let headerLength = try headerLength(headers)
        let call = try await request.turns.take(.reading, bytes: request.body.readableBytes) { [body = request.body] in
            try Self.read(body, headerLength, target)
        }
        let held = request.body.readableBytes + request.bytesBehind + call.frames.reduce(0) { $0 + $1.count }
        try request.ticket.hold(held)
        // What could not be held when it is there is not computed.
        try request.ticket.afford(held + InferResponseWriter.leastBytes(for: call, of: target.route.interface))
        let time = min(allowed, call.timeout ?? allowed)
        let trace = request.trace?.child(id: .random(in: 1 ... .max))
        let version = RowWindows.Version(model: target.route.model, number: target.route.version)
        let reply = try await windows.with(
            call.rows, of: version, nodes: dispatcher.healthyCount(among: target.nodeNames),
            until: request.received + time
        ) {
            try await dispatcher.infer(
                call, target: target, received: request.received, allowed: time, traceparent: trace)
        }
        guard let (response, frames) = reply else {
            throw Self.noTurn(
                """
                the request was allowed \(time), in which no node had room for its \(call.rows) rows beside those of \
                others: allow it more, send fewer rows at once, or try again later
                """)
        }
        let size = InferResponseWriter.capacity(for: response.outputs, frames, of: call)
        try request.ticket.hold(held + frames.reduce(0) { $0 + $1.count } + size)
        let body = try await request.turns.take(.writing, bytes: size) {
            try InferResponseWriter.write(response, frames: frames, for: call)
        }
        return (Answer(body, target), call.rows)
    }

    /// Why a request's turn did not come: its time was over, for which there is a message, or nobody waits for it any more.
    private static func noTurn(_ message: String) -> Failure {
        Task.isCancelled
            ? Failure(.cancelled, "the request was given up before its turn came") : Failure(.deadlineExceeded, message)
    }

    private func headerLength(_ headers: HTTPHeaders) throws(Refusal) -> Int? {
        guard let field = try headers.only(HeaderName.inferenceHeaderLength) else { return nil }
        guard let length = Int(digits: field) else {
            throw Refusal(
                .badRequest,
                "\(HeaderName.inferenceHeaderLength): expected a number of bytes, digits alone, got '\(field)'")
        }
        return length
    }

    private static func read(
        _ body: ByteBuffer, _ headerLength: Int?, _ target: RouteIndex.Target
    ) throws(Failure) -> InferenceCall {
        let result = body.withUnsafeReadableBytes { bytes in
            Result { () throws(Failure) in
                try InferRequestReader.read(bytes, headerLength: headerLength, interface: target.route.interface)
            }
        }
        return try result.get()
    }

    /// What the caller's header allows, but never more than the gateway's own limit.
    private func allowedTime(_ headers: HTTPHeaders) throws(Refusal) -> Duration {
        guard let field = try headers.only(HeaderName.timeout) else { return limits.requestTimeout }
        guard let milliseconds = Int(digits: field) else {
            throw Refusal(
                .badRequest, "\(HeaderName.timeout): expected milliseconds from 0, digits alone, got '\(field)'")
        }
        return min(.milliseconds(milliseconds), limits.requestTimeout)
    }
}

extension HTTPHeaders {
    /// The value of a field that a request may have once: of two there is no telling which one counts.
    fileprivate func only(_ name: String) throws(Refusal) -> String? {
        guard let value = first(name: name) else { return nil }
        let count = self[name].count
        guard count == 1 else {
            throw Refusal(.badRequest, "\(name): expected this field once, got it \(count) times")
        }
        return value
    }
}
