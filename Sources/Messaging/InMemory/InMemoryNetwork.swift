import DequeModule
import Synchronization
import Wire

/// Connects the in-memory messengers of a test, and breaks what the test wants broken.
///
/// With automatic delivery each messenger's handlers run on a queue of its own and time is real. With manual delivery
/// nothing moves until the test says so: `deliver` runs the handlers on the caller's thread in the order of sending,
/// and `advance` is what lets requests time out.
package final class InMemoryNetwork: Sendable {
    package enum Delivery: Sendable {
        case automatic, manual
    }

    /// A message under way, as a filter sees it.
    package struct Transit: Sendable {
        package let sender: String
        package let receiver: String
        package let message: Message
    }

    let delivery: Delivery
    let state = Mutex(InMemoryNetworkState())

    package init(delivery: Delivery = .automatic) {
        self.delivery = delivery
    }

    /// Messages for which `isLost` is true never arrive. Replaces the filter set before, and must not call back here.
    package func lose(_ isLost: @escaping @Sendable (Transit) -> Bool) {
        state.withLock { $0.isLost = isLost }
    }

    /// Breaks every connection of the node called `identity` and lets none come up: what is under way is lost, and
    /// requests over the links of it and to it fail with `notConnected`.
    package func disconnect(_ identity: String) {
        change { _ = $0.isolated.insert(identity) }
    }

    package func reconnect(_ identity: String) {
        change { $0.isolated.remove(identity) }
    }

    /// How many messages wait for `deliver`.
    package var inTransit: Int { state.withLock { $0.inTransit.count } }

    /// Delivers the oldest message; false when there is none. Only with manual delivery.
    @discardableResult
    package func deliverNext() -> Bool {
        guard let packet = state.withLock({ $0.inTransit.popFirst() }) else { return false }
        arrive(packet)
        return true
    }

    /// Delivers everything, also what handlers send meanwhile, and returns how many messages that were. Stops after a
    /// million, for messengers that answer each other without end.
    @discardableResult
    package func deliver() -> Int {
        var count = 0
        while count < 1_000_000, deliverNext() { count += 1 }
        return count
    }

    /// Lets time pass: requests whose deadline comes end with `timedOut`. Only with manual delivery.
    package func advance(by duration: Duration) {
        let (now, nodes) = state.withLock { state in
            state.time = state.time.saturatingAdd(duration.nanoseconds)
            return (state.time, Array(state.nodes.values))
        }
        for node in nodes {
            expire(node, at: now)
            for carrier in carriers(of: node) { carrier.sweep() }
        }
    }

    func carriers(of node: InMemoryNode) -> [any InMemoryCarrier] {
        state.withLock { state in
            let links = state.links.values.filter { $0.node === node }.map { $0.carrier as any InMemoryCarrier }
            return links + state.listeners.values.filter { $0.node === node }.map(\.carrier)
        }
    }

    var now: UInt64 {
        delivery == .automatic ? Time.monotonic : state.withLock { $0.time }
    }

    func expire(_ node: InMemoryNode, at now: UInt64) {
        let expired = node.takeExpired(at: now)
        giveUp(expired, of: node)
        for request in expired { request.completion.timedOut() }
    }

    /// Requests of `node` that ended before their link came up are not sent any more. Of the others those who were
    /// asked hear that nobody waits any more, where they want to.
    func giveUp(_ requests: [PendingRequests<Completion>.Request], of node: InMemoryNode) {
        state.withLock { state in
            for request in requests where !state.withdraw(request.messageID, from: request.destination.channel) {
                guard request.completion.isCancellable, let path = state.path(to: request.destination) else { continue }
                let notice = Outgoing.notice(
                    Envelope(.cancellation(Cancellation(messageID: request.messageID))), to: path.connection,
                    peer: request.completion.peer, limits: node.limits)
                let packet = InMemoryPacket(
                    link: path.link, connection: path.connection, direction: path.direction, outgoing: notice)
                state.transmit(packet, self)
            }
        }
    }

    /// Changes who is there or who may talk, and brings connections up and down as this demands.
    func change(_ body: (inout InMemoryNetworkState) -> Void) {
        // What goes is let go of outside of the lock: handlers may hold streams, whose end is told over this network.
        let (lost, before) = state.withLock { state in
            let before = (state.links, state.listeners)
            body(&state)
            return (state.refreshConnections(self), before)
        }
        withExtendedLifetime(before) {}
        for loss in lost {
            loss.connection.listenerCarrier.loseAsker(at: loss.number)
            loss.connection.linkCarrier.loseAsker()
            guard let link = loss.link else { continue }
            let waiting = Set(link.waiting.map(\.messageID))
            let requests = link.node.takeAll {
                $0.destination.channel == loss.connection.link && !waiting.contains($0.messageID)
            }
            for request in requests { request.completion.fail(.notConnected(peer: link.remote)) }
        }
    }
}
