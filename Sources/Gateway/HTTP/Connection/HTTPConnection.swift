import NIOCore
import NIOHTTP1

/// One connection: takes a request apart, has it answered, writes the answer, and then looks at the next.
///
/// Nothing is read from the socket while a request is answered and until its answer has left, so that a client which
/// sends without reading waits for itself.
final class HTTPConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    enum State {
        /// Between requests, or within a head.
        case idle
        case receiving(IncomingRequest)
        case answering(Task<Void, Never>, HTTPVersion)
        /// Some of an answer is written, which its task makes and hands over part by part.
        case streaming(Task<Void, Never>)
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

    let pipeline: RequestPipeline
    let admission: AdmissionControl
    let limits: GatewayConfiguration.Limits
    let executor: EventLoopExecutor
    var ticket: AdmissionControl.Ticket?
    var parser: RequestParser
    var state = State.idle
    /// The answer that is made part by part, if it is: while its first part is waited for, and while it is streaming.
    var streamed: StreamedAnswer?
    /// What came and is no part of a request yet.
    var inbound = ByteBuffer()
    /// The client has said that it sends nothing more.
    var inputIsClosed = false
    /// More than is held came behind a request that is being answered: what follows was thrown away.
    var inputIsCut = false
    /// No request follows the one at hand: the client said so, or the answer will.
    var isLast = false
    /// The gateway shuts down: when requests under way have to be over.
    var shutdownEnd: NIODeadline?
    var isQuiescing: Bool { shutdownEnd != nil }
    /// Since when what has come waits to be looked at; nil where nothing does.
    var waitsSince: ContinuousClock.Instant?
    /// The event loop asked for bytes while none were wanted.
    var readIsPending = false
    var isAdvancing = false
    /// A request was answered, and more came behind it.
    var isFollowing = false
    /// Some of a head has come, whose time runs.
    var headHasBegun = false
    var timer = LazyTimer()
    var look: Scheduled<Void>?

    init(
        pipeline: RequestPipeline, admission: AdmissionControl, limits: GatewayConfiguration.Limits,
        executor: EventLoopExecutor
    ) {
        self.pipeline = pipeline
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
        case .answering, .streaming, .sending:
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
        case .answering, .streaming, .sending: readIsPending = true
        case .idle, .receiving, .discarding, .leaving, .closed: context.read()
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is AdmissionControl.MakeRoom: makeRoom(context)
        case is ChannelShouldQuiesceEvent:
            shutdownEnd = admission.end(within: limits.drainTimeout)
            switch state {
            case .idle where hasBegun: limit(toReceive: headTimeout, context)
            case .receiving, .discarding: limit(toReceive: limits.requestTimeout, context)
            // A request may have come already, and not been read.
            case .idle: limitIdling(context)
            case .leaving: limit(farewell: limits.lingerTimeout, context)
            case .answering, .streaming: if let streamed { limit(streamed, until: streamed.deadline, context) }
            case .sending, .closed: break
            }
        case ChannelEvent.inputClosed as ChannelEvent:
            inputIsClosed = true
            // A client that has said all it will may still want its answers.
            advance(context)
            askWhetherAnyoneReads(context)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { goOnStreaming(context) }
        context.fireChannelWritabilityChanged()
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
