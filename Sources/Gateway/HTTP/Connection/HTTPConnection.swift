import NIOCore
import NIOHTTP1

/// One connection: takes a request apart, has it answered, writes the answer, and then looks at the next.
///
/// Nothing is read from the socket while a request is answered and until its answer has left, so that a client which
/// sends without reading waits for itself.
final class HTTPConnection<Requests: RequestHandler>: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    private enum State {
        /// Between requests, or within a head.
        case idle
        case receiving(IncomingRequest)
        case answering(Task<Void, Never>, HTTPVersion)
        /// The answer is written, and has not left yet.
        case sending
        /// Answered before the body was there, of which up to so many bytes more are thrown away: a client that writes
        /// everything before it reads gets to see the answer that way.
        case discarding(left: Int, answerHasLeft: Bool)
        /// The last answer has left. What still comes, up to so many bytes, is thrown away until the client closes its
        /// end: a connection that is closed on unread bytes may take the answer with it (RFC 9112, section 9.6).
        case leaving(left: Int)
        case closed
    }

    private let requests: Requests
    private let admission: Admission
    private let limits: GatewayConfiguration.Limits
    private let executor: EventLoopExecutor
    private var ticket: Admission.Ticket?
    private var parser: RequestParser
    private var state = State.idle
    /// What came and is no part of a request yet.
    private var inbound = ByteBuffer()
    /// The client has said that it sends nothing more.
    private var inputIsClosed = false
    /// More than is held came behind a request that is being answered: what follows was thrown away.
    private var inputIsCut = false
    /// No request follows the one at hand: the client said so, or the answer will.
    private var isLast = false
    /// The gateway shuts down: when requests under way have to be over.
    private var shutdownEnd: NIODeadline?
    private var isQuiescing: Bool { shutdownEnd != nil }
    /// Since when what has come waits to be looked at; nil where nothing does.
    private var waitsSince: ContinuousClock.Instant?
    /// The event loop asked for bytes while none were wanted.
    private var readIsPending = false
    private var isAdvancing = false
    /// A request was answered, and more came behind it.
    private var isFollowing = false
    /// Some of a head has come, whose time runs.
    private var headHasBegun = false
    private var timer = LazyTimer()
    private var look: Scheduled<Void>?

    init(
        requests: Requests, admission: Admission, limits: GatewayConfiguration.Limits, executor: EventLoopExecutor
    ) {
        self.requests = requests
        self.admission = admission
        self.limits = limits
        self.executor = executor
        parser = RequestParser(limits: .init(headerBytes: limits.headerBytes, bodyBytes: limits.bodyBytes))
    }

    func channelActive(context: ChannelHandlerContext) {
        guard let ticket = admission.open(context.channel) else { return close(context) }
        self.ticket = ticket
        limitIdling(context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Nothing can be told of what comes behind a gap.
        guard !inputIsCut else { return }
        var piece = unwrapInboundIn(data)
        switch state {
        case .closed: return
        case .leaving(let left):
            guard left >= piece.readableBytes else { return close(context) }
            state = .leaving(left: left - piece.readableBytes)
            return
        case .answering, .sending:
            // Comes only with the end of what a client sends, all at once, and must be held until it is its turn.
            let room = max(0, limits.pipelinedBytes - inbound.readableBytes)
            if piece.readableBytes > room {
                piece.moveWriterIndex(to: piece.readerIndex + room)
                inputIsCut = true
            }
        case .idle, .receiving, .discarding: break
        }
        let count = piece.readableBytes
        if inbound.readableBytes == 0 { inbound = piece } else { inbound.writeBuffer(&piece) }
        // More comes while it waits only with the end of what a client sends, all at once, and must not pile up.
        if count > Turns.bulkBytes, waitsSince == nil { advanceInTurn(context) } else { advance(context) }
    }

    func read(context: ChannelHandlerContext) {
        guard waitsSince == nil else { return readIsPending = true }
        switch state {
        case .answering, .sending: readIsPending = true
        case .idle, .receiving, .discarding, .leaving, .closed: context.read()
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is Admission.MakeRoom: makeRoom(context)
        case is ChannelShouldQuiesceEvent:
            shutdownEnd = admission.end(within: limits.drainTimeout)
            switch state {
            case .idle where hasBegun: limit(toReceive: headTimeout, context)
            case .receiving, .discarding: limit(toReceive: limits.requestTimeout, context)
            // A request may have come already, and not been read.
            case .idle: limitIdling(context)
            case .leaving: limit(farewell: limits.lingerTimeout, context)
            case .answering, .sending, .closed: break
            }
        case ChannelEvent.inputClosed as ChannelEvent:
            inputIsClosed = true
            // A client that has said all it will may still want its answers.
            advance(context)
            askWhetherAnyoneReads(context)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The connection broke: there is no one to tell.
        close(context)
    }
}

// MARK: From bytes to an answer

extension HTTPConnection {
    /// Goes on when it is this connection's turn: many may have sent much at once, and the loop would see to nothing else
    /// before all of it is taken apart.
    private func advanceInTurn(_ context: ChannelHandlerContext) {
        let here = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        let came = ContinuousClock.now
        waitsSince = came
        executor.turns.take(.receiving) {
            let (connection, context) = here.value
            connection.waitsSince = nil
            connection.advance(context, since: came)
        }
    }

    /// Goes on with the next request once the loop has seen to other connections: who sends many behind one another gets
    /// one answered between two looks.
    private func advanceAfterLook(_ context: ChannelHandlerContext) {
        let here = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        let came = ContinuousClock.now
        waitsSince = came
        executor.turns.whenLoopHasLooked {
            let (connection, context) = here.value
            connection.waitsSince = nil
            connection.advance(context, since: came)
        }
    }

    /// Goes on as far as what has come allows.
    /// - Parameter came: when it came; nil for now.
    private func advance(_ context: ChannelHandlerContext, since came: ContinuousClock.Instant? = nil) {
        // An answer that leaves at once comes back here.
        guard !isAdvancing else { return }
        isAdvancing = true
        while !isFollowing, step(context, since: came) {}
        isAdvancing = false
        if isFollowing {
            isFollowing = false
            return advanceAfterLook(context)
        }
        waitForMore(context)
        readOn(context)
    }

    /// Reads what the event loop asked for meanwhile, but not before all that has come is of no more use: requests that
    /// follow one another would pile up otherwise.
    private func readOn(_ context: ChannelHandlerContext) {
        guard readIsPending else { return }
        switch state {
        case .answering, .sending, .closed: return
        case .idle, .receiving, .discarding, .leaving:
            readIsPending = false
            context.read()
        }
    }

    /// One part of a request. False where more has to come, or to happen, first.
    private func step(_ context: ChannelHandlerContext, since came: ContinuousClock.Instant?) -> Bool {
        switch state {
        case .idle, .receiving, .discarding: break
        case .answering, .sending, .leaving, .closed: return false
        }
        do throws(Refusal) {
            guard let part = try parser.next(&inbound) else { return false }
            switch (part, state) {
            case (.head(let head, let framing), .idle): begin(head, framing, since: came, context)
            case (.body(let piece), .receiving(let incoming)): receive(piece, incoming, context)
            case (.end, .receiving(let incoming)): complete(incoming, context)
            case (.body(let piece), .discarding(let left, let answerHasLeft)):
                guard left >= piece.readableBytes else {
                    close(context)
                    return false
                }
                state = .discarding(left: left - piece.readableBytes, answerHasLeft: answerHasLeft)
            case (.end, .discarding(_, let answerHasLeft)):
                state = .sending
                if answerHasLeft { answerLeft(context) }
            default:
                preconditionFailure("the parser gives a head, then the body, then an end, and nothing while answering")
            }
        } catch {
            giveUp(error, context)
        }
        return true
    }

    private func begin(
        _ head: HTTPRequestHead, _ framing: BodyFraming, since came: ContinuousClock.Instant?,
        _ context: ChannelHandlerContext
    ) {
        guard let ticket else { return close(context) }
        let received = came ?? .now
        headHasBegun = false
        isLast = isLast || !head.isKeepAlive
        do throws(Refusal) {
            let resource = try requests.resource(head)
            let expectation = try Expectation(head)
            let bodyLimit = BodyLimit(bytes: limits.bodyBytes)
            try bodyLimit.check(framing)
            let coding = framing == .none ? nil : try ContentDecoder.coding(head.headers)
            // Health and metrics are answered whatever else there is.
            if !resource.isOperational { try ticket.begin() }
            let whole = WholeRequest(
                head: head, resource: resource, received: received, ticket: ticket, turns: executor.turns)
            state = .receiving(
                IncomingRequest(
                    whole, limit: bodyLimit, decoder: coding.map { ContentDecoder($0, limit: bodyLimit) }))
            if framing != .none {
                limit(toReceive: limits.requestTimeout, context)
                // One that has sent of its body already does not wait.
                if expectation == .continue, inbound.readableBytes == 0 {
                    context.writeAndFlush(
                        wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
                }
            }
        } catch {
            refuse(head, error, context)
        }
    }

    private func receive(_ piece: ByteBuffer, _ incoming: IncomingRequest, _ context: ChannelHandlerContext) {
        do throws(Refusal) {
            try incoming.append(piece)
        } catch {
            refuse(incoming.whole.head, error, context)
        }
    }

    private func complete(_ incoming: IncomingRequest, _ context: ChannelHandlerContext) {
        do throws(Refusal) {
            var request = try incoming.finish()
            request.bytesBehind = inbound.readableBytes
            answer(request, context)
        } catch {
            // Nothing of it is to come, whatever is wrong with it.
            send(requests.refuse(incoming.whole.head, error), to: incoming.whole.head, context)
        }
    }

    private func answer(_ request: WholeRequest, _ context: ChannelHandlerContext) {
        timer.clear()
        request.ticket.answer()
        let here = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        state = .answering(
            Task(executorPreference: executor) { [requests] in
                let answer = await requests.answer(request)
                // Already there when the executor is the loop's.
                if loop.inEventLoop {
                    here.value.connection.finish(answer, request.head, here.value.context)
                } else {
                    loop.execute { here.value.connection.finish(answer, request.head, here.value.context) }
                }
            }, request.head.version)
        if inputIsClosed { askWhetherAnyoneReads(context) }
    }

    /// A client that has gone looks like one that has only said all it will, until something is sent to it: then its
    /// system resets the connection, and the work for it ends. So where the answer takes a while, an interim response
    /// asks, which those that wait pass over (RFC 9110, section 15.2).
    private func askWhetherAnyoneReads(_ context: ChannelHandlerContext) {
        guard case .answering(let task, .http1_1) = state else { return }
        let here = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(500)) {
            let (connection, context) = here.value
            guard case .answering(let current, _) = connection.state, current == task else { return }
            let question = ByteBuffer(string: "HTTP/1.1 102 Processing\r\n\r\n")
            context.writeAndFlush(connection.wrapOutboundOut(question), promise: nil)
        }
    }

    private func finish(_ answer: Answer, _ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard case .answering = state else { return }
        send(answer, to: head, context)
    }

    /// Answers before the body is there.
    private func refuse(_ head: HTTPRequestHead, _ refusal: Refusal, _ context: ChannelHandlerContext) {
        var answer = requests.refuse(head, refusal)
        // Whether a client that was not told to continue sends the body all the same cannot be known.
        answer.closesConnection = answer.closesConnection || head.headers.contains(name: "expect")
        state = .discarding(left: limits.discardedBytes, answerHasLeft: false)
        ticket?.discard()
        limit(toReceive: limits.requestTimeout, context)
        write(answer, to: head, context)
    }

    /// Answers what cannot be read to its end.
    private func giveUp(_ refusal: Refusal, _ context: ChannelHandlerContext) {
        switch state {
        case .idle: send(requests.refuse(.unreadable, refusal), to: .unreadable, context)
        case .receiving(let incoming):
            send(requests.refuse(incoming.whole.head, refusal), to: incoming.whole.head, context)
        // The answer is written, and no other can be.
        case .discarding(_, let answerHasLeft):
            isLast = true
            state = .sending
            if answerHasLeft { answerLeft(context) }
        case .answering, .sending, .leaving, .closed: close(context)
        }
    }

    private func send(_ answer: Answer, to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        state = .sending
        limit(limits.answerTimeout, context)
        write(answer, to: head, context)
        // Most answers have left by now.
        if case .sending = state { ticket?.send(answer.body.readableBytes + inbound.readableBytes) }
    }

    private func write(_ answer: Answer, to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        isLast = isLast || answer.closesConnection || (isQuiescing && !isFollowed)
        let left = context.eventLoop.makePromise(of: Void.self)
        left.futureResult.assumeIsolated().whenComplete { result in
            switch result {
            case .success: self.answerLeft(context)
            case .failure: self.close(context)
            }
        }
        let bytes = wrapOutboundOut(answer.head(to: head, isLast: isLast))
        guard answer.hasBody(for: head) else { return context.writeAndFlush(bytes, promise: left) }
        context.write(bytes, promise: nil)
        context.writeAndFlush(wrapOutboundOut(answer.body), promise: left)
    }

    /// The system has all of the answer, for the client to take.
    private func answerLeft(_ context: ChannelHandlerContext) {
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
        case .idle, .receiving, .answering, .leaving, .closed: break
        }
    }
}

// MARK: Waiting and ending

extension HTTPConnection {
    /// What has come is not enough. That of a client which sends nothing more never will be.
    private func waitForMore(_ context: ChannelHandlerContext) {
        switch state {
        case .answering, .sending, .closed: return
        case .idle where inputIsCut, .receiving where inputIsCut: return giveUp(tooMuchBehind, context)
        case .receiving where inputIsClosed:
            return giveUp(
                Self.cutOff("its body: send as many bytes as content-length says, or the last chunk"), context)
        case .idle where inputIsClosed && hasBegun:
            return giveUp(Self.cutOff("its head: an empty line ends it"), context)
        case .idle, .receiving, .discarding, .leaving: if inputIsClosed { return close(context) }
        }
        inbound.fit()
        switch state {
        case .receiving(let incoming):
            do throws(Refusal) {
                try incoming.wait()
            } catch {
                refuse(incoming.whole.head, error, context)
            }
        case .idle where !headHasBegun && hasBegun:
            // However often a few bytes come, the time runs from the first.
            headHasBegun = true
            limit(toReceive: headTimeout, context)
        case .idle, .answering, .sending, .discarding, .leaving, .closed: break
        }
    }

    /// Between requests, something of a next one is here.
    private var hasBegun: Bool { inbound.readableBytes > 0 || !parser.isBetweenRequests }

    /// A request that is whole has another one behind it, which came as well.
    private var isFollowed: Bool {
        guard case .sending = state, let shutdownEnd, .now() < shutdownEnd else { return false }
        return inbound.readableBytes > 0
    }

    private var headTimeout: Duration { min(limits.headTimeout, limits.idleTimeout) }

    private var tooMuchBehind: Refusal {
        Refusal(
            .badRequest,
            "more than \(limits.pipelinedBytes) bytes came behind a request that was not answered yet, and the rest was not "
                + "read: read answers before sending more",
            closesConnection: true)
    }

    private var incomplete: Refusal {
        if let shutdownEnd, .now() >= shutdownEnd {
            Refusal(
                .serviceUnavailable, "the gateway shuts down, and the request was not complete: try again",
                retryAfter: 1,
                closesConnection: true)
        } else {
            Refusal(
                .requestTimeout, "the request was not complete within \(limits.requestTimeout)", closesConnection: true)
        }
    }

    private static func cutOff(_ place: String) -> Refusal {
        Refusal(.badRequest, "the request ended within \(place)", closesConnection: true)
    }

    private func limitIdling(_ context: ChannelHandlerContext) {
        limit(farewell: ticket?.isReserve == true ? limits.reserveTimeout : limits.idleTimeout, context)
    }

    /// From now on the connection has so long to get beyond the state it is in.
    private func limit(_ time: Duration, _ context: ChannelHandlerContext) {
        limit(until: .now() + TimeAmount(time), context)
    }

    /// For a request to come, or the rest of one that was refused. At a shutdown it has as long as those under way.
    private func limit(toReceive time: Duration, _ context: ChannelHandlerContext) {
        let usual = NIODeadline.now() + TimeAmount(time)
        guard let shutdownEnd else { return limit(until: usual, context) }
        limit(until: min(usual, max(shutdownEnd, .now() + TimeAmount(limits.farewellTimeout))), context)
    }

    /// For a client of which nothing is needed any more, if the gateway shuts down.
    private func limit(farewell time: Duration, _ context: ChannelHandlerContext) {
        limit(isQuiescing ? min(time, limits.farewellTimeout) : time, context)
    }

    private func limit(until deadline: NIODeadline, _ context: ChannelHandlerContext) {
        if timer.set(deadline) { scheduleLook(at: deadline, context) }
    }

    private func scheduleLook(at deadline: NIODeadline, _ context: ChannelHandlerContext) {
        let here = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        look?.cancel()
        look = context.eventLoop.scheduleTask(deadline: deadline) {
            here.value.connection.lookAtTime(here.value.context)
        }
    }

    private func lookAtTime(_ context: ChannelHandlerContext) {
        switch timer.look(at: .now()) {
        case .nothing: break
        case .again(let deadline): scheduleLook(at: deadline, context)
        case .over:
            switch state {
            // As long again to take the answer.
            case .receiving(let incoming): refuse(incoming.whole.head, incomplete, context)
            case .idle where isQuiescing && !hasBegun: closeIfNothingCame(context)
            case .idle, .answering, .sending, .discarding, .leaving, .closed: close(context)
            }
        }
    }

    /// A loop that was busy may not have seen a request that has come: a connection that is closed on it would be reset.
    private func closeIfNothingCame(_ context: ChannelHandlerContext) {
        let here = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        executor.turns.whenLoopHasLooked {
            let (connection, context) = here.value
            guard case .idle = connection.state, !connection.hasBegun else { return }
            connection.close(context)
        }
    }

    /// Others need what this connection has. Where a request has begun to come, its client hears of it.
    private func makeRoom(_ context: ChannelHandlerContext) {
        guard case .receiving(let incoming) = state else { return close(context) }
        let refusal = Refusal(
            .requestTimeout, "the request came too slowly, and others needed its room; try again", retryAfter: 1,
            closesConnection: true)
        end()
        let head = incoming.whole.head
        let answer = requests.refuse(head, refusal)
        context.write(wrapOutboundOut(answer.head(to: head, isLast: true)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(answer.body)).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }

    /// Ends this side of the connection, and waits for the client to end its own.
    private func leave(left: Int, within time: Duration, _ context: ChannelHandlerContext) {
        if inputIsClosed { return close(context) }
        state = .leaving(left: left)
        ticket?.leave()
        inbound = ByteBuffer()
        limit(farewell: time, context)
        context.close(mode: .output, promise: nil)
        if readIsPending {
            readIsPending = false
            context.read()
        }
    }

    private func close(_ context: ChannelHandlerContext) {
        end()
        context.close(promise: nil)
    }

    /// Nothing is of interest any more.
    private func end() {
        // No one waits for the answer.
        if case .answering(let task, _) = state { task.cancel() }
        state = .closed
        inbound = ByteBuffer()
        timer.clear()
        look?.cancel()
        ticket?.close()
    }
}

extension HTTPRequestHead {
    /// Stands for the head of what is no request.
    fileprivate static let unreadable = HTTPRequestHead(version: .http1_1, method: .GET, uri: "")
}
