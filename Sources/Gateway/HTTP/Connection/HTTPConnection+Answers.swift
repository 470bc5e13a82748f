import NIOCore
import NIOHTTP1

/// From a request to an answer.
extension HTTPConnection {
    func answer(_ request: GatewayRequest, _ context: ChannelHandlerContext) {
        timer.clear()
        request.ticket.answer()
        let here = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        state = .answering(
            Task(executorPreference: executor) { [pipeline] in
                let answer = await pipeline.respond(to: request)
                // Already there when the executor is the loop's.
                if loop.inEventLoop {
                    here.value.connection.finish(answer, to: request, here.value.context)
                } else {
                    loop.execute { here.value.connection.finish(answer, to: request, here.value.context) }
                }
                if let stream = answer.stream { await HTTPConnection.pump(stream, into: here) }
            }, request.head.version)
        if inputIsClosed { askWhetherAnyoneReads(context) }
    }

    /// A client that has gone looks like one that has only said all it will, until something is sent to it: then its
    /// system resets the connection, and the work for it ends. So where the answer takes a while, an interim response
    /// asks, which those that wait pass over (RFC 9110, section 15.2).
    func askWhetherAnyoneReads(_ context: ChannelHandlerContext) {
        guard case .answering(let task, .http1_1) = state else { return }
        let here = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(500)) {
            let (connection, context) = here.value
            guard case .answering(let current, _) = connection.state, current == task else { return }
            let question = ByteBuffer(string: "HTTP/1.1 102 Processing\r\n\r\n")
            context.writeAndFlush(connection.wrapOutboundOut(question), promise: nil)
        }
    }

    /// What the route of the request gave.
    func finish(_ answer: Answer, to request: GatewayRequest, _ context: ChannelHandlerContext) {
        if let stream = answer.stream {
            guard request.head.method == .HEAD else { return begin(stream, answer, for: request, context) }
            stream.cancel()
        }
        var answer = answer
        pipeline.send(&answer, for: request)
        guard case .answering = state else { return }
        send(answer, to: request.head, context)
    }

    /// Answers before the body is there.
    func refuse(_ request: GatewayRequest, _ refusal: Refusal, _ context: ChannelHandlerContext) {
        var answer = pipeline.refuse(request, refusal)
        // Whether a client that was not told to continue sends the body all the same cannot be known.
        answer.closesConnection = answer.closesConnection || request.head.headers.contains(name: "expect")
        state = .discarding(left: limits.discardedBytes, answerHasLeft: false)
        ticket?.discard()
        limit(toReceive: limits.requestTimeout, context)
        write(answer, to: request.head, context)
    }

    /// Answers what cannot be read to its end.
    func giveUp(_ refusal: Refusal, _ context: ChannelHandlerContext) {
        switch state {
        case .idle:
            guard let ticket else { return close(context) }
            let request = GatewayRequest(
                head: .unreadable, match: RouteMatch(.unreadable), received: .now, ticket: ticket, turns: executor.turns
            )
            send(pipeline.refuse(request, refusal), to: request.head, context)
        case .receiving(let incoming):
            send(pipeline.refuse(incoming.request, refusal), to: incoming.request.head, context)
        // The answer is written, and no other can be.
        case .discarding(_, let answerHasLeft):
            isLast = true
            state = .sending
            if answerHasLeft { answerLeft(context) }
        case .answering, .streaming, .sending, .leaving, .closed: close(context)
        }
    }

    func send(_ answer: Answer, to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        state = .sending
        limit(limits.answerTimeout, context)
        write(answer, to: head, context)
        // Most answers have left by now.
        if case .sending = state { ticket?.send(answer.body.readableBytes + inbound.readableBytes) }
    }

    func write(_ answer: Answer, to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        isLast = isLast || answer.closesConnection || (isQuiescing && !isFollowed)
        let bytes = wrapOutboundOut(answer.head(to: head, isLast: isLast))
        guard head.method != .HEAD, case .whole(let body) = answer.body, body.readableBytes > 0 else {
            return context.writeAndFlush(bytes, promise: leaving(context))
        }
        context.write(bytes, promise: nil)
        context.writeAndFlush(wrapOutboundOut(body), promise: leaving(context))
    }

    /// For the last bytes of an answer.
    func leaving(_ context: ChannelHandlerContext) -> EventLoopPromise<Void> {
        let left = context.eventLoop.makePromise(of: Void.self)
        left.futureResult.assumeIsolated().whenComplete { result in
            switch result {
            case .success: self.answerLeft(context)
            case .failure: self.close(context)
            }
        }
        return left
    }

    /// The system has all of the answer, for the client to take.
    func answerLeft(_ context: ChannelHandlerContext) {
        switch state {
        case .discarding(let left, _):
            // The client sees the end of the answers at once, while the rest of its body is still read.
            if isLast { return leave(left: left, within: limits.requestTimeout, context) }
            state = .discarding(left: left, answerHasLeft: true)
        case .sending:
            if isLast { return leave(left: limits.discardedBytes, within: limits.lingerTimeout, context) }
            ticket?.finish()
            state = .idle
            limitIdling(context)
            isFollowing = inbound.readableBytes > 0
            advance(context)
        case .idle, .receiving, .answering, .streaming, .leaving, .closed: break
        }
    }
}

extension HTTPRequestHead {
    /// Stands for the head of what is no request.
    fileprivate static let unreadable = HTTPRequestHead(version: .http1_1, method: .GET, uri: "")
}

extension Route {
    /// Stands for the route of what is no request.
    fileprivate static let unreadable = Route(
        "unreadable", nil, "", action: .refuse { _ in Refusal(.badRequest, "expected a request of HTTP/1.1") })
}
