import Messaging
import Synchronization
import Wire

/// Lets everybody in, takes everything, and has no content.
final class FakeCoordinator: Sendable {
    private struct State {
        var listener: (any Listener)?
        var peer: Peer?
        var messenger: InMemoryMessenger?
    }

    private let state = Mutex(State())

    /// Who joined last.
    var peer: Peer? { state.withLock { $0.peer } }

    func listen(in network: InMemoryNetwork) throws -> any Listener {
        let messenger = InMemoryMessenger(network: network, identity: "coordinator", role: .coordinator)
        let listener = try messenger.bind("inproc://coordinator", admitting: [.worker, .inference]) { [self] in
            receive($1, from: $0)
        }
        state.withLock {
            $0.listener = listener
            $0.messenger = messenger
        }
        return listener
    }

    private func receive(_ message: Message, from peer: Peer) {
        let answer: Envelope.Body
        switch message.envelope.body {
        case .join:
            state.withLock { $0.peer = peer }
            answer = .joined(Joined(clusterID: "fake", heartbeatInterval: .seconds(1)))
        case .heartbeat: answer = .heartbeatReply(HeartbeatReply(known: true))
        case .chunkRequest: answer = .failure(Failure(.notFound, "there is no content"))
        default: answer = .acknowledgement
        }
        guard message.envelope.expectsAnswer else { return }
        try? state.withLock { $0.listener }?.send(Message(answering: message, answer), to: peer)
    }
}
