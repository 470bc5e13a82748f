import NIOCore
import NIOHTTP1

/// Waiting and ending.
extension HTTPConnection {
    /// What has come is not enough. That of a client which sends nothing more never will be.
    func waitForMore(_ context: ChannelHandlerContext) {
        switch state {
        case .answering, .streaming, .sending, .closed: return
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
                refuse(incoming.request, error, context)
            }
        case .idle where !headHasBegun && hasBegun:
            // However often a few bytes come, the time runs from the first.
            headHasBegun = true
            limit(toReceive: headTimeout, context)
        case .idle, .answering, .streaming, .sending, .discarding, .leaving, .closed: break
        }
    }

    /// Between requests, something of a next one is here.
    var hasBegun: Bool { inbound.readableBytes > 0 || !parser.isBetweenRequests }

    /// A request that is whole has another one behind it, which came as well.
    var isFollowed: Bool {
        guard let shutdownEnd, .now() < shutdownEnd, inbound.readableBytes > 0 else { return false }
        switch state {
        case .streaming, .sending: return true
        case .idle, .receiving, .answering, .discarding, .leaving, .closed: return false
        }
    }

    var headTimeout: Duration { min(limits.headTimeout, limits.idleTimeout) }

    var tooMuchBehind: Refusal {
        Refusal(
            .badRequest,
            "more than \(limits.pipelinedBytes) bytes came behind a request that was not answered yet, and the rest was not "
                + "read: read answers before sending more",
            closesConnection: true)
    }

    var incomplete: Refusal {
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

    static func cutOff(_ place: String) -> Refusal {
        Refusal(.badRequest, "the request ended within \(place)", closesConnection: true)
    }

    func limitIdling(_ context: ChannelHandlerContext) {
        limit(farewell: ticket?.isReserve == true ? limits.reserveTimeout : limits.idleTimeout, context)
    }

    /// From now on the connection has so long to get beyond the state it is in.
    func limit(_ time: Duration, _ context: ChannelHandlerContext) {
        limit(until: .now() + TimeAmount(time), context)
    }

    /// For a request to come, or the rest of one that was refused. At a shutdown it has as long as those under way.
    func limit(toReceive time: Duration, _ context: ChannelHandlerContext) {
        let usual = NIODeadline.now() + TimeAmount(time)
        guard let shutdownEnd else { return limit(until: usual, context) }
        limit(until: min(usual, max(shutdownEnd, .now() + TimeAmount(limits.farewellTimeout))), context)
    }

    /// For a client of which nothing is needed any more, if the gateway shuts down.
    func limit(farewell time: Duration, _ context: ChannelHandlerContext) {
        limit(isQuiescing ? min(time, limits.farewellTimeout) : time, context)
    }

    func limit(until deadline: NIODeadline, _ context: ChannelHandlerContext) {
        if timer.set(deadline) { scheduleLook(at: deadline, context) }
    }

    func scheduleLook(at deadline: NIODeadline, _ context: ChannelHandlerContext) {
        let here = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        look?.cancel()
        look = context.eventLoop.scheduleTask(deadline: deadline) {
            here.value.connection.lookAtTime(here.value.context)
        }
    }

    func lookAtTime(_ context: ChannelHandlerContext) {
        switch timer.look(at: .now()) {
        case .nothing: break
        case .again(let deadline): scheduleLook(at: deadline, context)
        case .over:
            switch state {
            // As long again to take the answer.
            case .receiving(let incoming): refuse(incoming.request, incomplete, context)
            case .idle where isQuiescing && !hasBegun: closeIfNothingCame(context)
            case .answering, .streaming: streamIsLate(context)
            case .idle, .sending, .discarding, .leaving, .closed: close(context)
            }
        }
    }

    /// A loop that was busy may not have seen a request that has come: a connection that is closed on it would be reset.
    func closeIfNothingCame(_ context: ChannelHandlerContext) {
        let here = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        executor.turns.whenLoopHasLooked {
            let (connection, context) = here.value
            guard case .idle = connection.state, !connection.hasBegun else { return }
            connection.close(context)
        }
    }

    /// Others need what this connection has. Where a request has begun to come, its client hears of it.
    func makeRoom(_ context: ChannelHandlerContext) {
        guard case .receiving(let incoming) = state else { return close(context) }
        let refusal = Refusal(
            .requestTimeout, "the request came too slowly, and others needed its room; try again", retryAfter: 1,
            closesConnection: true)
        end()
        let answer = pipeline.refuse(incoming.request, refusal)
        context.write(wrapOutboundOut(answer.head(to: incoming.request.head, isLast: true)), promise: nil)
        guard case .whole(let body) = answer.body else { return context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(body)).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }

    /// Ends this side of the connection, and waits for the client to end its own.
    func leave(left: Int, within time: Duration, _ context: ChannelHandlerContext) {
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

    func close(_ context: ChannelHandlerContext) {
        end()
        context.close(promise: nil)
    }

    /// Nothing is of interest any more.
    func end() {
        // No one waits for the answer.
        switch state {
        case .answering(let task, _), .streaming(let task): task.cancel()
        case .idle, .receiving, .sending, .discarding, .leaving, .closed: break
        }
        state = .closed
        abandonStream()
        inbound = ByteBuffer()
        timer.clear()
        look?.cancel()
        ticket?.close()
    }
}
