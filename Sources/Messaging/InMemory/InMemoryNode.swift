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

    func take(_ messageID: UInt64) -> Completion? {
        pending.withLock { $0.remove(messageID) }?.completion
    }

    func takeAnswered(_ messageID: UInt64, by sender: PendingRequests<Completion>.Destination) -> Completion? {
        pending.withLock { $0.answer(to: messageID, from: sender) }?.completion
    }

    func takeExpired(at now: UInt64) -> [PendingRequests<Completion>.Request] {
        pending.withLock { $0.expire(at: now) }
    }

    func takeAll(
        where matches: (PendingRequests<Completion>.Request) -> Bool
    ) -> [PendingRequests<Completion>.Request] {
        pending.withLock { $0.removeAll(where: matches) }
    }
}
