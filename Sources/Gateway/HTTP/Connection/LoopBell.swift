import Foundation
import NIOCore
import NIOPosix

/// Calls back once an event loop has looked at its connections. A task on the loop, or a timer, does not say that: the loop
/// runs all there are, and those that come meanwhile, before it looks again. A pipe that has become readable is seen
/// together with the connections that have.
final class LoopBell: Sendable {
    private let writeEnd: CInt

    /// - Throws: `IOError` where the process has no descriptors for it.
    init(_ loop: any EventLoop, heard: @escaping @Sendable () -> Void) throws {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw IOError(errnoCode: errno, reason: "pipe") }
        let (readEnd, writeEnd) = (ends[0], ends[1])
        self.writeEnd = writeEnd
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(writeEnd, F_SETFL, O_NONBLOCK)
        NIOPipeBootstrap(group: loop)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Listener(heard))
                }
            }
            .takingOwnershipOfDescriptor(input: readEnd)
            // Only on a loop that has ended, on which nobody waits.
            .whenFailure { _ in Foundation.close(readEnd) }
    }

    deinit {
        // Ends the channel too.
        Foundation.close(writeEnd)
    }

    func ring() {
        var byte: UInt8 = 1
        // Full, it is about to be heard.
        _ = write(writeEnd, &byte, 1)
    }

    private final class Listener: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let heard: @Sendable () -> Void

        init(_ heard: @escaping @Sendable () -> Void) {
            self.heard = heard
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { heard() }
    }
}
