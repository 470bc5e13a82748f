import Dispatch
import Synchronization
import Wire

/// One messenger on an `InMemoryNetwork`: who it is, what it waits for, and the queue its handlers run on.
final class InMemoryNode: Sendable {
    let identity: String
    let role: Role
    let limits: MessagingLimits
    let statistics = StatisticsCounter()
    let queue: DispatchQueue
    let isOpen = Atomic(true)
    private let pending = Mutex(PendingRequests<Completion>())
    private let messageIDs = Atomic<UInt64>(0)
    /// When the earliest timer that was started comes.
    private let timer = Mutex<UInt64?>(nil)

    init(identity: String, role: Role, limits: MessagingLimits) {
        self.identity = identity
        self.role = role
        self.limits = limits
        queue = DispatchQueue(label: "messaging of \(identity)")
    }

    func nextMessageID() -> UInt64 {
        messageIDs.wrappingAdd(1, ordering: .relaxed).newValue
    }

    var pendingCount: Int { pending.withLock { $0.count } }

    func insert(_ request: PendingRequests<Completion>.Request) {
        pending.withLock { $0.insert(request) }
    }

    func take(_ messageID: UInt64) -> PendingRequests<Completion>.Request? {
        pending.withLock { $0.remove(messageID) }
    }

    func takeAnswered(_ messageID: UInt64, by sender: ConnectionKey) -> PendingRequests<Completion>.Request? {
        pending.withLock { $0.answer(to: messageID, from: sender) }
    }

    /// The request that a message from `sender` answers, which goes on waiting.
    func waiting(_ messageID: UInt64, for sender: ConnectionKey) -> PendingRequests<Completion>.Request? {
        pending.withLock { $0.waiting(messageID, for: sender) }
    }

    /// Lets a request that still waits end at `deadline`, if that is sooner than it would.
    func hasten(_ messageID: UInt64, to deadline: UInt64) {
        pending.withLock { pending in
            guard let request = pending.remove(messageID) else { return }
            if deadline < request.deadline {
                pending.wait(on: request, until: deadline)
            } else {
                pending.putBack(request)
            }
        }
    }

    func takeExpired(at now: UInt64) -> [PendingRequests<Completion>.Request] {
        pending.withLock { $0.expireAll(at: now) }
    }

    /// With automatic delivery: lets requests expire when the next deadline comes.
    func startTimer(on network: InMemoryNetwork) {
        guard network.delivery == .automatic, let next = pending.withLock({ $0.nextDeadline() }) else { return }
        let isSooner = timer.withLock { timer in
            if let timer, timer <= next { return false }
            timer = next
            return true
        }
        guard isSooner else { return }
        let now = network.now
        let wait = Int(clamping: next > now ? next - now : 0)
        queue.asyncAfter(deadline: .now() + .nanoseconds(wait)) {
            self.timer.withLock { if $0 == next { $0 = nil } }
            network.expire(self, at: network.now)
            self.startTimer(on: network)
        }
    }

    func takeAll(
        where matches: (PendingRequests<Completion>.Request) -> Bool
    ) -> [PendingRequests<Completion>.Request] {
        pending.withLock { $0.removeAll(where: matches) }
    }
}
