import HTTPTypes
import NIOCore
import NIOHTTP1

/// The end of one connection's pipeline: gathers a request, has it answered, and writes the answer. The handlers before
/// it let one request through at a time: the next when the end of the answer has passed them.
final class HTTPConnection<Requests: RequestHandler>: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case idle
        case reading(WholeRequest)
        case answering(Task<Void, Never>, HTTPVersion)
        /// The answer is written, but the client is slow to take it: its end is held back, and with it the next request,
        /// until there is room.
        case writing
        /// Answered before the body was there, of which up to so many bytes more are thrown away: a client that writes
        /// everything before it reads gets to see the answer that way.
        case discarding(left: Int)
        /// Only what is written is still to leave; what comes in is of no interest.
        case closing
    }

    private let requests: Requests
    private let admission: Admission
    private let limits: GatewayConfiguration.Limits
    private let bodyLimit: BodyLimit
    private let executor: EventLoopExecutor?
    private var state = State.idle
    /// What admission has given the request at hand.
    private var admittedBytes: Int?
    /// No request follows the one at hand: the client said so, or the answer will.
    private var isLast = false
    /// Runs while a head or a body comes in several pieces.
    private var readTimeout: Scheduled<Void>?
    /// What the last read brought has become part of a request: nothing is begun.
    private var hasRead = false

    init(
        requests: Requests, admission: Admission, limits: GatewayConfiguration.Limits, executor: EventLoopExecutor?
    ) {
        self.requests = requests
        self.admission = admission
        self.limits = limits
        bodyLimit = BodyLimit(bytes: limits.bodyBytes)
        self.executor = executor
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasRead = true
        switch (unwrapInboundIn(data), state) {
        case (_, .closing): break
        case (.head(let head), _): begin(head, context)
        case (.body(let piece), .reading(var request)):
            // Leaves one owner of the body, so that it grows in place.
            state = .idle
            if request.body.readableBytes == 0 {
                request.body = piece
            } else {
                request.body.writeImmutableBuffer(piece)
            }
            state = .reading(request)
            if request.body.readableBytes > bodyLimit.bytes {
                refuse(request.head, bodyLimit.exceeded("is longer"), context)
            }
        case (.body(let piece), .discarding(let left)):
            state = .discarding(left: left - piece.readableBytes)
            if left < piece.readableBytes { context.close(promise: nil) }
        case (.end, .reading(let request)): answer(request, context)
        case (.end, .discarding):
            endReading()
            state = .idle
            if isLast { context.close(promise: nil) }
        case (.body, _), (.end, _):
            preconditionFailure("the decoder sends a head, then the body, then an end, and nothing before the answer")
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        switch state {
        case .reading, .discarding: limitReading(context, to: limits.requestTimeout)
        // Bytes that came and are no part of a request yet are the beginning of a head.
        case .idle: if !hasRead { limitReading(context, to: limits.headTimeout) }
        case .answering, .writing, .closing: break
        }
        hasRead = false
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if case .writing = state, context.channel.isWritable { end(context) }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch (event, state) {
        // A client that waits for its answer is silent with good reason.
        case (is IdleStateHandler.IdleStateEvent, .answering): break
        case (is IdleStateHandler.IdleStateEvent, _): context.close(promise: nil)
        // A client that has said all it will may still want its answer.
        case (ChannelEvent.inputClosed as ChannelEvent, .answering(_, let version)):
            isLast = true
            if version == .http1_1 { askWhetherAnyoneReads(context) }
        case (ChannelEvent.inputClosed as ChannelEvent, .writing): isLast = true
        case (ChannelEvent.inputClosed as ChannelEvent, _): context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        // No one waits for the answer any more.
        if case .answering(let task, _) = state { task.cancel() }
        release()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch (error as? HTTPParserError, state) {
        case (let error?, .idle): giveUp(HTTPRequestHead.unreadable, Refusal(error), context)
        case (let error?, .reading(let request)): giveUp(request.head, Refusal(error), context)
        // The last answer is on its way, and what came behind it is of no interest.
        case (_?, .closing): break
        case (_, _): context.close(promise: nil)
        }
    }
}

// MARK: From a request to its answer

extension HTTPConnection {
    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        endReading()
        state = .reading(WholeRequest(head: head, body: ByteBuffer(), received: .now))
        isLast = !head.isKeepAlive
        do throws(Refusal) {
            guard let bytes = try bodyLimit.expected(head.headers) else { return }
            guard admission.admit(bytes: bytes) else {
                throw Refusal(
                    .tooManyRequests, "the gateway holds as many requests as it may; try again", retryAfter: 1)
            }
            admittedBytes = bytes
        } catch {
            return refuse(head, error, context)
        }
        if head.expectsContinue {
            context.writeAndFlush(
                wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
        }
    }

    /// A client may be slow, but not for ever: what it has been granted is missing to others. However often a few bytes
    /// come, the time runs from the first.
    private func limitReading(_ context: ChannelHandlerContext, to limit: Duration) {
        guard readTimeout == nil else { return }
        let here = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        readTimeout = context.eventLoop.scheduleTask(in: TimeAmount(limit)) {
            let (connection, context) = here.value
            connection.readTimeout = nil
            connection.readTookTooLong(limit, context)
        }
    }

    private func readTookTooLong(_ limit: Duration, _ context: ChannelHandlerContext) {
        // Where there is not even a head there is no request, and so no answer.
        guard case .reading(let request) = state else { return context.close(promise: nil) }
        let refusal = Refusal(
            .requestTimeout, "the request was not complete within \(limit)", closesConnection: true)
        refuse(request.head, refusal, context)
        // As long again to take the answer.
        limitReading(context, to: limit)
    }

    private func endReading() {
        readTimeout?.cancel()
        readTimeout = nil
    }

    /// Answers before the body is there.
    private func refuse(_ head: HTTPRequestHead, _ refusal: Refusal, _ context: ChannelHandlerContext) {
        release()
        var answer = requests.refuse(head, refusal)
        // Whether a client that was not told to continue sends the body all the same cannot be known.
        answer.closesConnection = answer.closesConnection || head.expectsContinue
        state = .discarding(left: bodyLimit.bytes)
        write(answer, to: head, context)
        guard isLast else { return context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil) }
        // The client sees the end of the answers at once, while the rest of its body is still read.
        writeEnd(context) { $0.close(mode: .output, promise: nil) }
    }

    /// Answers what cannot be read to its end.
    private func giveUp(_ head: HTTPRequestHead, _ refusal: Refusal, _ context: ChannelHandlerContext) {
        release()
        write(requests.refuse(head, refusal), to: head, context)
        end(context)
    }

    private func answer(_ request: WholeRequest, _ context: ChannelHandlerContext) {
        endReading()
        let here = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        let channel = context.channel
        state = .answering(
            Task(executorPreference: executor) { [requests] in
                let answer = await requests.answer(request, over: channel)
                // Already there when the executor is the loop's.
                if channel.eventLoop.inEventLoop {
                    here.value.connection.finish(answer, request.head, here.value.context)
                } else {
                    channel.eventLoop.execute {
                        here.value.connection.finish(answer, request.head, here.value.context)
                    }
                }
            }, request.head.version)
    }

    /// A client that has gone looks like one that has only said all it will, until something is sent to it: then its
    /// system resets the connection, and the work for it ends. Those that wait pass an interim response over (RFC 9110,
    /// section 15.2).
    private func askWhetherAnyoneReads(_ context: ChannelHandlerContext) {
        context.writeAndFlush(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .processing))), promise: nil)
    }

    private func finish(_ answer: Answer, _ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        release()
        state = .writing
        guard context.channel.isActive else { return }
        write(answer, to: head, context)
        if !context.channel.isWritable { context.flush() }
        if context.channel.isWritable { end(context) }
    }

    /// Writes all but the end.
    private func write(_ answer: Answer, to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        isLast = isLast || answer.closesConnection
        var headers = answer.headers
        headers.add(name: "content-length", value: String(answer.body.readableBytes))
        headers.add(name: "date", value: HTTPDate.now)
        if isLast {
            headers.add(name: "connection", value: "close")
        } else if head.version == .http1_0 {
            headers.add(name: "connection", value: "keep-alive")
        }
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers))),
            promise: nil)
        if head.method != .HEAD { context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil) }
    }

    private func end(_ context: ChannelHandlerContext) {
        guard isLast else {
            state = .idle
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            return
        }
        state = .closing
        writeEnd(context) { $0.close(promise: nil) }
    }

    /// Ends the answer, and does something once it has left.
    private func writeEnd(
        _ context: ChannelHandlerContext, then whatFollows: @escaping (ChannelHandlerContext) -> Void
    ) {
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in whatFollows(context) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    private func release() {
        endReading()
        guard let bytes = admittedBytes else { return }
        admittedBytes = nil
        admission.release(bytes: bytes)
    }
}

extension Refusal {
    fileprivate init(_ error: HTTPParserError) {
        self =
            if error == .headerOverflow {
                Refusal(
                    .requestHeaderFieldsTooLarge, "the request's header fields are too many or too long",
                    closesConnection: true)
            } else {
                Refusal(.badRequest, "expected a request of HTTP/1.1: \(error)", closesConnection: true)
            }
    }
}

extension HTTPRequestHead {
    /// Stands for the head of what is no request.
    fileprivate static let unreadable = HTTPRequestHead(version: .http1_1, method: .GET, uri: "")

    /// The client wants to hear that its body is welcome before it sends it.
    fileprivate var expectsContinue: Bool { headers.first(name: "expect")?.lowercased() == "100-continue" }
}
