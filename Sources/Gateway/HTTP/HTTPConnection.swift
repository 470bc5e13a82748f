import NIOCore
import NIOHTTP1

/// The end of one connection's pipeline: gathers a request, has it answered, and writes the answer. The handlers before
/// it let one request through at a time.
final class HTTPConnection<Requests: RequestHandler>: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case idle
        case reading(WholeRequest)
        case answering(Task<Void, Never>)
        /// Answered before the body was there, of which up to so many bytes more are thrown away: a client that writes
        /// everything before it reads gets to see the answer that way.
        case discarding(left: Int, thenClose: Bool)
    }

    private let requests: Requests
    private let admission: Admission
    private let limit: BodyLimit
    private let executor: EventLoopExecutor?
    private var state = State.idle
    /// What admission has given the request at hand.
    private var admittedBytes: Int?

    init(requests: Requests, admission: Admission, limit: BodyLimit, executor: EventLoopExecutor?) {
        self.requests = requests
        self.admission = admission
        self.limit = limit
        self.executor = executor
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), _): begin(head, context)
        case (.body(let piece), .reading(var request)):
            state = .idle
            if request.body.readableBytes == 0 {
                request.body = piece
            } else {
                request.body.writeImmutableBuffer(piece)
            }
            state = .reading(request)
            if request.body.readableBytes > limit.bytes { refuse(request.head, limit.exceeded("is longer"), context) }
        case (.body(let piece), .discarding(let left, let thenClose)):
            state = .discarding(left: left - piece.readableBytes, thenClose: thenClose)
            if left < piece.readableBytes { context.close(promise: nil) }
        case (.end, .reading(let request)): answer(request, context)
        case (.end, .discarding(_, let thenClose)):
            state = .idle
            if thenClose { context.close(promise: nil) }
        case (.body, .idle), (.body, .answering), (.end, .idle), (.end, .answering):
            preconditionFailure("the decoder sends a head, then the body, then an end, and nothing before the answer")
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is IdleStateHandler.IdleStateEvent else { return context.fireUserInboundEventTriggered(event) }
        // A client that waits for its answer is silent with good reason.
        if case .answering = state { return }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        // No one waits for the answer any more.
        if case .answering(let task) = state { task.cancel() }
        release()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let request = WholeRequest(head: head, body: ByteBuffer(), received: .now)
        state = .reading(request)
        do throws(Refusal) {
            guard let bytes = try limit.expected(head.headers) else { return }
            guard admission.admit(bytes: bytes) else {
                throw Refusal(
                    .tooManyRequests, "the gateway holds as many requests as it may; try again", retryAfter: 1)
            }
            admittedBytes = bytes
        } catch {
            return refuse(head, error, context)
        }
        if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
            context.writeAndFlush(
                wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
        }
    }

    /// Answers before the body is there.
    private func refuse(_ head: HTTPRequestHead, _ refusal: Refusal, _ context: ChannelHandlerContext) {
        release()
        let answer = requests.refuse(head, refusal)
        state = .discarding(left: limit.bytes, thenClose: answer.closesConnection || !head.isKeepAlive)
        write(answer, to: head, context, promise: nil)
    }

    private func answer(_ request: WholeRequest, _ context: ChannelHandlerContext) {
        let here = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        let channel = context.channel
        let task = Task(executorPreference: executor) { [requests] in
            let answer = await requests.answer(request, over: channel)
            // Already there when the executor is the loop's.
            if channel.eventLoop.inEventLoop {
                here.value.connection.finish(answer, request.head, here.value.context)
            } else {
                channel.eventLoop.execute {
                    here.value.connection.finish(answer, request.head, here.value.context)
                }
            }
        }
        state = .answering(task)
    }

    private func finish(_ answer: Answer, _ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        release()
        state = .idle
        guard context.channel.isActive else { return }
        if answer.closesConnection || !head.isKeepAlive {
            let written = context.eventLoop.makePromise(of: Void.self)
            written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
            write(answer, to: head, context, promise: written)
        } else {
            write(answer, to: head, context, promise: nil)
        }
    }

    private func write(
        _ answer: Answer, to head: HTTPRequestHead, _ context: ChannelHandlerContext, promise: EventLoopPromise<Void>?
    ) {
        var headers = answer.headers
        headers.add(name: "content-length", value: String(answer.body.readableBytes))
        headers.add(name: "date", value: HTTPDate.now)
        if answer.closesConnection || !head.isKeepAlive {
            headers.add(name: "connection", value: "close")
        } else if head.version < .http1_1 {
            headers.add(name: "connection", value: "keep-alive")
        }
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers))),
            promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
    }

    private func release() {
        guard let bytes = admittedBytes else { return }
        admittedBytes = nil
        admission.release(bytes: bytes)
    }
}
