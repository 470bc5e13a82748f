import NIOCore
import NIOHTTP1

/// From bytes to a request.
extension HTTPConnection {
    /// Goes on when it is this connection's turn: many may have sent much at once, and the loop would see to nothing else
    /// before all of it is taken apart.
    func advanceInTurn(_ context: ChannelHandlerContext) {
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
    func advanceAfterLook(_ context: ChannelHandlerContext) {
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
    func advance(_ context: ChannelHandlerContext, since came: ContinuousClock.Instant? = nil) {
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
    func readOn(_ context: ChannelHandlerContext) {
        guard readIsPending else { return }
        switch state {
        case .answering, .streaming, .sending, .closed: return
        case .idle, .receiving, .discarding, .leaving:
            readIsPending = false
            context.read()
        }
    }

    /// One part of a request. False where more has to come, or to happen, first.
    func step(_ context: ChannelHandlerContext, since came: ContinuousClock.Instant?) -> Bool {
        switch state {
        case .idle, .receiving, .discarding: break
        case .answering, .streaming, .sending, .leaving, .closed: return false
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

    func begin(
        _ head: HTTPRequestHead, _ framing: BodyFraming, since came: ContinuousClock.Instant?,
        _ context: ChannelHandlerContext
    ) {
        guard let ticket else { return close(context) }
        headHasBegun = false
        isLast = isLast || !head.isKeepAlive
        var request = GatewayRequest(
            head: head, match: pipeline.routes.match(head), framing: framing, received: came ?? .now, ticket: ticket,
            turns: executor.turns, isInShutdown: isQuiescing)
        do throws(Refusal) {
            try pipeline.receive(&request)
            let expectation = request.expectation
            state = .receiving(IncomingRequest(request))
            if framing != .none {
                limit(toReceive: limits.requestTimeout, context)
                // One that has sent of its body already does not wait.
                if expectation == .continue, inbound.readableBytes == 0 {
                    context.writeAndFlush(
                        wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
                }
            }
        } catch {
            refuse(request, error, context)
        }
    }

    func receive(_ piece: ByteBuffer, _ incoming: IncomingRequest, _ context: ChannelHandlerContext) {
        do throws(Refusal) {
            try incoming.append(piece)
        } catch {
            refuse(incoming.request, error, context)
        }
    }

    func complete(_ incoming: IncomingRequest, _ context: ChannelHandlerContext) {
        do throws(Refusal) {
            var request = try incoming.finish()
            request.bytesBehind = inbound.readableBytes
            answer(request, context)
        } catch {
            // Nothing of it is to come, whatever is wrong with it.
            send(pipeline.refuse(incoming.request, error), to: incoming.request.head, context)
        }
    }
}
