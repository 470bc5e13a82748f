import Foundation
import Logging
import NIOCore

/// Keeps the server from asking for connections while the process may open no more descriptors: the system would say at
/// once that there is one, and then that there is none, as fast as it is asked. Meanwhile idle connections are closed.
final class AcceptGate: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never

    /// Until the next try; others than connections use descriptors too, and say nothing when they give one back.
    static let pause = TimeAmount.milliseconds(50)
    /// Connections closed at a time.
    static let spared = 16

    private let admission: Admission
    private let logger: Logger
    private var isPaused = false
    private var readIsPending = false

    init(_ admission: Admission, logger: Logger) {
        self.admission = admission
        self.logger = logger
    }

    func read(context: ChannelHandlerContext) {
        if isPaused { readIsPending = true } else { context.read() }
    }

    /// Only errors after which the server still listens come here with the channel active; the rest is for others.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let code = (error as? IOError)?.errnoCode, Self.isPassing(code) else {
            return context.fireErrorCaught(error)
        }
        // A client that went away before it was accepted.
        guard code != ECONNABORTED, !isPaused else { return }
        isPaused = true
        logger.warning(
            "no descriptor for another connection: idle ones are closed; raise `ulimit -n`",
            metadata: ["error": "\(error)", "connections": "\(admission.current.connectionCount)"])
        admission.closeIdle(Self.spared)
        let here = NIOLoopBound((gate: self, context: context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.pause) { here.value.gate.resume(here.value.context) }
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
