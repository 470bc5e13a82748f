import Cluster
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

    /// Triggered on the channel, it is done when no connection waits to be taken and none was taken between two looks, so
    /// that the last has come to its event loop; or when that takes too long.
    struct TakeRest: Sendable {}

    /// Until the next try; others than connections use descriptors too, and say nothing when they give one back.
    static let pause = TimeAmount.milliseconds(50)
    /// Connections closed at a time.
    static let spared = 16
    /// After so many connections that made room, others than new ones have so much time.
    static let turnover: UInt64 = 8
    static let breath = TimeAmount.milliseconds(5)
    /// How often is looked whether any still waits, and for how long.
    static let look = TimeAmount.milliseconds(5)
    static let longestRest = TimeAmount(ShutdownTiming.rest)

    private let admission: AdmissionControl
    private let logger: Logger
    private var isPaused = false
    private var readIsPending = false
    /// Connections that had made room before the last breath.
    private var madeRoom: UInt64 = 0
    private var isTakingRest = false
    private var taken: UInt64 = 0
    private let waiting: (any Channel) -> EventLoopFuture<Int>

    /// - Parameter waiting: how many connections the system has for the server.
    init(
        _ admission: AdmissionControl, logger: Logger,
        waiting: @escaping (any Channel) -> EventLoopFuture<Int> = AcceptGate.waiting
    ) {
        self.admission = admission
        self.logger = logger
        self.waiting = waiting
    }

    /// Of a socket that listens, Linux gives the length of its queue as the segments that nobody has acknowledged.
    static func waiting(for channel: any Channel) -> EventLoopFuture<Int> {
        guard let options = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeSucceededFuture(0)
        }
        return options.getTCPInfo().map { Int($0.tcpi_unacked) }
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
        lookForMore(context, since: nil, until: context.eventLoop.now + Self.longestRest, promise)
    }

    /// - Parameter before: how many had been taken at the last look.
    private func lookForMore(
        _ context: ChannelHandlerContext, since before: UInt64?, until deadline: NIODeadline,
        _ promise: EventLoopPromise<Void>?
    ) {
        waiting(context.channel).assumeIsolated().whenComplete { result in
            let count: Int
            switch result {
            case .success(let waiting): count = waiting
            case .failure(let error): return promise?.fail(error) ?? ()
            }
            let taken = self.taken
            if context.eventLoop.now >= deadline || (count == 0 && taken == before) { return promise?.succeed() ?? () }
            let here = NIOLoopBound((gate: self, context: context), eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: Self.look) {
                here.value.gate.lookForMore(here.value.context, since: taken, until: deadline, promise)
            }
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
