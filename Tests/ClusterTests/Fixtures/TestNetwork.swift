import Dispatch
import Messaging
import Synchronization
import Wire

/// Messaging within the process: listeners by endpoint, every delivery on one queue, in order. A listener that closes
/// takes its connections with it; a link finds the next one at the same endpoint by itself.
final class TestNetwork: Sendable {
    private struct State {
        var listeners: [String: TestListener] = [:]
        var lastNumber: UInt64 = 0
    }

    private let queue = DispatchQueue(label: "test-network")
    private let state = Mutex(State())

    func messenger(_ name: String, _ role: Role) -> TestMessenger {
        TestMessenger(network: self, name: name, role: role)
    }

    func number() -> UInt64 {
        state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
    }

    func add(_ listener: TestListener) {
        state.withLock { $0.listeners[listener.endpoint] = listener }
    }

    func remove(_ listener: TestListener) {
        state.withLock { if $0.listeners[listener.endpoint] === listener { $0.listeners[listener.endpoint] = nil } }
    }

    func listener(at endpoint: String) -> TestListener? {
        state.withLock { $0.listeners[endpoint] }
    }

    func deliver(_ body: @escaping @Sendable () -> Void) {
        queue.async(execute: body)
    }
}

struct TestMessenger: Messenger {
    let network: TestNetwork
    let name: String
    let role: Role

    func connect(
        to endpoint: String, remote: String, handler: @escaping @Sendable (Message) -> Void
    ) throws(MessagingError) -> any Link {
        TestLink(
            network: network, endpoint: endpoint, remote: remote,
            peer: Peer(name: name, role: role, connection: network.number()), handler: handler)
    }

    func bind(
        _ endpoint: String, admitting roles: Set<Role>, handler: @escaping @Sendable (Peer, Message) -> Void
    ) throws(MessagingError) -> any Listener {
        let listener = TestListener(network: network, endpoint: endpoint, admitting: roles, handler: handler)
        network.add(listener)
        return listener
    }

    func shutdown() async {}
}

final class TestLink: Link {
    let remote: String
    let peer: Peer
    private let network: TestNetwork
    private let endpoint: String
    private let handler: @Sendable (Message) -> Void
    private let pending = TestRequests()

    init(
        network: TestNetwork, endpoint: String, remote: String, peer: Peer,
        handler: @escaping @Sendable (Message) -> Void
    ) {
        self.network = network
        self.endpoint = endpoint
        self.remote = remote
        self.peer = peer
        self.handler = handler
    }

    var isConnected: Bool { network.listener(at: endpoint) != nil }

    func send(_ message: Message) throws(MessagingError) {
        guard let listener = network.listener(at: endpoint), listener.roles.contains(peer.role) else {
            throw .notConnected(peer: remote)
        }
        var message = message
        if message.envelope.messageID == 0 { message.envelope.messageID = network.number() }
        network.deliver { [message] in listener.receive(message, over: self) }
    }

    func request(_ message: Message, timeout: Duration) async throws -> Message {
        try await pending.request(message, id: network.number(), peer: remote, timeout: timeout) { try self.send($0) }
    }

    func close() { pending.failAll(.closed) }

    func receive(_ message: Message) {
        if !pending.take(message) { handler(message) }
    }

    func connectionLost() { pending.failAll(.notConnected(peer: remote)) }
}

final class TestListener: Listener {
    let endpoint: String
    let roles: Set<Role>
    private let network: TestNetwork
    private let handler: @Sendable (Peer, Message) -> Void
    private let pending = TestRequests()
    private let links = Mutex<[Peer: TestLink]>([:])

    init(
        network: TestNetwork, endpoint: String, admitting roles: Set<Role>,
        handler: @escaping @Sendable (Peer, Message) -> Void
    ) {
        self.network = network
        self.endpoint = endpoint
        self.roles = roles
        self.handler = handler
    }

    func send(_ message: Message, to peer: Peer) throws(MessagingError) {
        guard let link = links.withLock({ $0[peer] }) else { throw .notConnected(peer: peer.name) }
        network.deliver { link.receive(message) }
    }

    func request(_ message: Message, to peer: Peer, timeout: Duration) async throws -> Message {
        try await pending.request(message, id: network.number(), peer: peer.name, timeout: timeout) {
            try self.send($0, to: peer)
        }
    }

    func close() {
        network.remove(self)
        pending.failAll(.closed)
        for link in links.withLock({ Array($0.values) }) { link.connectionLost() }
    }

    func receive(_ message: Message, over link: TestLink) {
        guard network.listener(at: endpoint) === self else { return }
        links.withLock { $0[link.peer] = link }
        if !pending.take(message) { handler(link.peer, message) }
    }
}

/// Requests that wait for their answers.
private final class TestRequests: Sendable {
    private let waiting = Mutex<[UInt64: CheckedContinuation<Message, any Error>]>([:])

    func request(
        _ message: Message, id: UInt64, peer: String, timeout: Duration, send: @Sendable (Message) throws -> Void
    ) async throws -> Message {
        var message = message
        message.envelope.messageID = id
        let deadline = Task {
            try await Task.sleep(for: timeout)
            self.finish(id, .failure(MessagingError.timedOut(peer: peer, after: timeout)))
        }
        defer { deadline.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                waiting.withLock { $0[id] = continuation }
                do {
                    try send(message)
                } catch {
                    finish(id, .failure(error))
                }
                if Task.isCancelled { finish(id, .failure(CancellationError())) }
            }
        } onCancel: {
            finish(id, .failure(CancellationError()))
        }
    }

    /// Whether the message answers one of them.
    func take(_ message: Message) -> Bool {
        guard message.envelope.correlationID != 0 else { return false }
        if case .failure(let failure) = message.envelope.body {
            finish(message.envelope.correlationID, .failure(failure))
        } else {
            finish(message.envelope.correlationID, .success(message))
        }
        return true
    }

    func failAll(_ error: MessagingError) {
        for id in waiting.withLock({ Array($0.keys) }) { finish(id, .failure(error)) }
    }

    private func finish(_ id: UInt64, _ result: Result<Message, any Error>) {
        waiting.withLock { $0.removeValue(forKey: id) }?.resume(with: result)
    }
}
