import Explanations
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Listens, has what connects served, and ends without losing a request that was sent before.
final class HTTPServer: Sendable {
    private enum State {
        case idle
        case listening(any Channel)
        case ended
    }

    private let connections: HTTPConnections
    private let loops: any EventLoopGroup
    private let logger: Logger
    private let open = OpenConnections()
    private let state = Mutex(State.idle)

    init(_ connections: HTTPConnections, on loops: any EventLoopGroup, logger: Logger) {
        self.connections = connections
        self.loops = loops
        self.logger = logger
    }

    /// Serves until it is shut down and the last connection has ended. Does nothing where that was said before.
    /// - Parameter onListening: called with the port once connections are accepted.
    func run(host: String, port: Int, onListening: (Int) async -> Void) async throws {
        if case .ended = state.withLock({ $0 }) { return }
        let channel = try await bootstrap.bind(host: host, port: port).get()
        let isWanted = state.withLock { state in
            guard case .idle = state else { return false }
            state = .listening(channel)
            return true
        }
        if isWanted {
            if let port = channel.localAddress?.port { await onListening(port) }
        } else {
            channel.close(promise: nil)
            open.quiesce()
        }
        try await channel.closeFuture.get()
        await open.untilEmpty()
    }

    /// Takes what has connected, and no more; then has every connection end when what is under way on it is over.
    func shutDown() async {
        guard let channel = end() else { return }
        do {
            try await channel.triggerUserOutboundEvent(AcceptGate.TakeRest()).get()
        } catch {
            logger.warning("connections that waited may be lost", metadata: ["reason": "\(error.explanation)"])
        }
        channel.close(promise: nil)
        open.quiesce()
    }

    /// Closes everything at once.
    func close() {
        end()?.close(promise: nil)
        open.close()
    }

    /// The channel that listens; nil where none does yet, and none will.
    private func end() -> (any Channel)? {
        state.withLock { state in
            switch state {
            case .idle:
                state = .ended
                return nil
            case .listening(let channel): return channel
            case .ended: return nil
            }
        }
    }

    private var bootstrap: ServerBootstrap {
        ServerBootstrap(group: loops)
            .serverChannelOption(.backlog, value: CInt(clamping: connections.limits.connections))
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // After each new connection the loop sees to the others.
            .serverChannelOption(.maxMessagesPerRead, value: 1)
            .serverChannelInitializer { [admission = connections.admission, logger] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptGate(admission, logger: logger))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { [connections, open] channel in
                open.add(channel)
                return connections.setUp(channel)
            }
    }
}
