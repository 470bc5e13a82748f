import Foundation
import Logging
import NIOCore

/// Keeps the server from asking for connections for a while:
///
/// - Where the process may open no more descriptors, the system would say at once that there is one, and then that there is
///   none, as fast as it is asked. Meanwhile idle connections are closed.
/// - Where new connections take the place of others, again and again, a client that opens hundreds at a time would have the
///   processor for as long as that takes, and requests would wait.
///
/// Before the server closes, it takes what the system still has for it: that may have sent requests already, and would be
/// reset.
final class AcceptGate: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never

    /// Triggered on the channel, it is done when no more connections wait to be taken, or more of them come than end.
    struct TakeRest: Sendable {}

    /// Until the next try; others than connections use descriptors too, and say nothing when they give one back.
    static let pause = TimeAmount.milliseconds(50)
    /// Connections closed at a time.
    static let spared = 16
    /// After so many connections that made room, others than new ones have so much time.
    static let turnover: UInt64 = 8
    static let breath = TimeAmount.milliseconds(5)
    /// Where in so much time none came to be taken, there is none; and how long that is looked for.
    static let silence = TimeAmount.milliseconds(2)
    static let longestRest = TimeAmount.milliseconds(500)

    private let admission: Admission
    private let logger: Logger
    private var isPaused = false
    private var readIsPending = false
    /// Connections that had made room before the last breath.
    private var madeRoom: UInt64 = 0
    private var taken = 0
    private var isTakingRest = false

    init(_ admission: Admission, logger: Logger) {
        self.admission = admission
        self.logger = logger
    }

    func read(context: ChannelHandlerContext) {
        breathe(context)
        if isPaused { readIsPending = true } else { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        taken += 1
        context.fireChannelRead(data)
    }

    func triggerUserOutboundEvent(
        context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
    ) {
        guard event is TakeRest else { return context.triggerUserOutboundEvent(event, promise: promise) }
        isTakingRest = true
        resume(context)
        lookForMore(context, until: .now() + Self.longestRest, promise)
    }

    private func lookForMore(
        _ context: ChannelHandlerContext, until deadline: NIODeadline, _ promise: EventLoopPromise<Void>?
    ) {
        let here = NIOLoopBound((gate: self, context: context, taken: taken), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.silence) {
            let (gate, context, before) = here.value
            guard gate.taken != before, .now() < deadline else { return promise?.succeed() ?? () }
            gate.lookForMore(context, until: deadline, promise)
        }
    }

    /// Only errors after which the server still listens come here with the channel active; the rest is for others.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let code = (error as? IOError)?.errnoCode, Self.isPassing(code) else {
            return context.fireErrorCaught(error)
        }
        // A client that went away before it was accepted.
        guard code != ECONNABORTED, !isPaused else { return }
        pause(for: Self.pause, context)
        logger.warning(
            "no descriptor for another connection: idle ones are closed; raise `ulimit -n`",
            metadata: ["error": "\(error)", "connections": "\(admission.current.connectionCount)"])
        admission.closeIdle(Self.spared)
    }

    private func breathe(_ context: ChannelHandlerContext) {
        let closed = admission.closed
        guard closed - madeRoom >= Self.turnover, !isPaused, !isTakingRest else { return }
        madeRoom = closed
        pause(for: Self.breath, context)
    }

    private func pause(for time: TimeAmount, _ context: ChannelHandlerContext) {
        isPaused = true
        let here = NIOLoopBound((gate: self, context: context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: time) { here.value.gate.resume(here.value.context) }
    }

    private func resume(_ context: ChannelHandlerContext) {
        isPaused = false
        guard readIsPending else { return }
        readIsPending = false
        context.read()
    }

    private static func isPassing(_ code: CInt) -> Bool {
        [ECONNABORTED, EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code)
    }
}
