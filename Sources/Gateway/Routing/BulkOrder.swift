import NIOCore

/// Which large requests are worked on while small ones come too: as few as leave processors to those, one after the other.
/// All that there are while no small ones come. A value without clock and tasks.
struct BulkOrder<Waiter> {
    private struct Entry {
        var id: UInt64
        var deadline: ContinuousClock.Instant
        var waiter: Waiter
    }

    let limits: BulkLimits
    private var lastSmall: ContinuousClock.Instant?
    private var lastID: UInt64 = 0
    /// Those that are worked on and count, since when.
    private var begun: [UInt64: ContinuousClock.Instant] = [:]
    private var entries = CircularBuffer<Entry>()

    init(_ limits: BulkLimits) {
        self.limits = limits
    }

    var waiting: Int { entries.count }

    /// A small request has come.
    mutating func small(at now: ContinuousClock.Instant) {
        lastSmall = now
    }

    /// A number for a large request, and whether it may begin at once.
    mutating func enter(at now: ContinuousClock.Instant) -> (id: UInt64, begins: Bool) {
        lastID += 1
        guard entries.isEmpty, hasRoom(at: now) else { return (lastID, false) }
        begun[lastID] = now
        return (lastID, true)
    }

    mutating func wait(_ waiter: Waiter, as id: UInt64, until deadline: ContinuousClock.Instant) {
        entries.append(Entry(id: id, deadline: deadline, waiter: waiter))
    }

    /// One is answered, or has ended otherwise.
    mutating func leave(_ id: UInt64) {
        begun[id] = nil
    }

    /// One waits no longer; nil where it has begun already.
    mutating func giveUp(_ id: UInt64) -> Waiter? {
        entries.firstIndex { $0.id == id }.map { entries.remove(at: $0).waiter }
    }

    /// Those that may begin now, which count from now on.
    mutating func admit(at now: ContinuousClock.Instant) -> [Waiter] {
        var admitted: [Waiter] = []
        while let first = entries.first, hasRoom(at: now) {
            begun[first.id] = now
            admitted.append(first.waiter)
            entries.removeFirst()
        }
        return admitted
    }

    /// Those whose time is over. Those that have taken long do not count any more.
    mutating func expire(at now: ContinuousClock.Instant) -> [Waiter] {
        begun = begun.filter { now - $0.value < limits.patience }
        let late = entries.filter { $0.deadline <= now }.map(\.waiter)
        if !late.isEmpty { entries.removeAll { $0.deadline <= now } }
        return late
    }

    private func hasRoom(at now: ContinuousClock.Instant) -> Bool {
        guard let lastSmall, now - lastSmall < limits.memory else { return true }
        return begun.count < limits.width
    }
}
