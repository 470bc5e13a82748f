import Dispatch
import Synchronization
package import Wire

/// The twin of `ZeroMQMessenger` for tests: the same envelopes, admission, limits, deadlines and reconnection, between
/// messengers of one process. What it sends is encoded, decoded and copied as on the wire.
package final class InMemoryMessenger: Messenger {
    private let network: InMemoryNetwork
    private let node: InMemoryNode

    package init(
        network: InMemoryNetwork, identity: String, role: Role, limits: MessagingLimits = MessagingLimits()
    ) {
        self.network = network
        let node = InMemoryNode(identity: identity, role: role, limits: limits)
        self.node = node
        network.state.withLock { $0.nodes[ObjectIdentifier(node)] = node }
    }

    deinit {
        close()
    }

    package var statistics: MessagingStatistics { node.statistics.snapshot }

    /// How many requests wait for their end: what a test awaits before it lets time pass.
    package var pendingRequests: Int { node.pendingCount }

    package func connect(
        to endpoint: String, remote: String, handler: @escaping @Sendable (Message, Responder) -> Void
    ) throws(MessagingError) -> any Link {
        guard node.isOpen.load(ordering: .relaxed) else { throw .closed }
        let id = network.state.withLock { $0.nextID() }
        let link = InMemoryLink(id: id, remote: remote, node: node, network: network)
        network.change { state in
            state.links[id] = InMemoryLinkState(
                node: node, remote: remote, endpoint: endpoint, handler: handler, carrier: link)
        }
        return link
    }

    package func bind(
        _ endpoint: String, admitting roles: Set<Role>,
        handler: @escaping @Sendable (Peer, Message, Responder) -> Void, settled: @escaping @Sendable () -> Void
    ) throws(MessagingError) -> any Listener {
        guard node.isOpen.load(ordering: .relaxed) else { throw .closed }
        var listener: InMemoryListener?
        network.change { state in
            let bound = state.bindable(endpoint)
            guard state.listeners[bound] == nil else { return }
            let id = state.nextID()
            let carrier = InMemoryListener(id: id, endpoint: bound, node: node, network: network)
            listener = carrier
            state.listeners[bound] = InMemoryListenerState(
                id: id, node: node, roles: roles,
                handler: {
                    // Here every message comes alone.
                    handler($0, $1, $2)
                    settled()
                }, carrier: carrier)
        }
        guard let listener else { throw .cannotBind(endpoint: endpoint, reason: "Address already in use") }
        return listener
    }

    package func shutdown() async {
        close()
        guard network.delivery == .automatic else { return }
        await withCheckedContinuation { continuation in
            node.queue.async { continuation.resume() }
        }
    }

    private func close() {
        node.isOpen.store(false, ordering: .relaxed)
        let carriers = network.carriers(of: node)
        network.change { state in
            state.links = state.links.filter { $0.value.node !== node }
            state.listeners = state.listeners.filter { $0.value.node !== node }
            state.nodes[ObjectIdentifier(node)] = nil
        }
        for request in node.takeAll(where: { _ in true }) { request.completion.fail(.closed) }
        for carrier in carriers { carrier.loseAsker() }
    }
}
