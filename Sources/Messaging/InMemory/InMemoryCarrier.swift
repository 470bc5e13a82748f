import Dispatch
import Synchronization
import Wire

/// What links and listeners of the twin have in common.
protocol InMemoryCarrier: StreamCarrier {
    var node: InMemoryNode { get }
    var network: InMemoryNetwork { get }
    /// Whether `sweep` will be called again.
    var isSwept: Atomic<Bool> { get }
}

extension InMemoryCarrier {
    var limits: MessagingLimits { node.limits }
    var statistics: StatisticsCounter { node.statistics }
    var now: UInt64 { network.now }

    func nextMessageID() -> UInt64 { node.nextMessageID() }

    func tell(_ envelope: Envelope, to connection: UInt32, peer: String) {
        // Refused only after the end, when nobody is there to hear it.
        try? post(.notice(envelope, to: connection, peer: peer, limits: limits))
    }

    func ask(_ message: Message, _ request: PendingRequests<Completion>.Request) throws(MessagingError) {
        guard node.isOpen.load(ordering: .relaxed) else { throw .closed }
        let outgoing = try prepare(message, to: request.destination.connection, peer: request.completion.peer)
        node.insert(request)
        do throws(MessagingError) {
            try post(outgoing)
        } catch {
            _ = node.take(request.messageID)
            throw error
        }
        node.startTimer(on: network)
    }

    func withdraw(_ messageID: UInt64) {
        node.cancel(messageID, network)
    }

    /// With manual delivery `advance` sweeps.
    func startSweeping() {
        guard network.delivery == .automatic, !isSwept.exchange(true, ordering: .relaxed) else { return }
        node.queue.asyncAfter(deadline: .now() + .nanoseconds(Int(clamping: sweepInterval.nanoseconds))) {
            self.sweep()
            self.isSwept.store(false, ordering: .relaxed)
            if !self.openAnswers.isEmpty { self.startSweeping() }
        }
    }
}
