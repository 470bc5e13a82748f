import NIOCore

/// How many rows of one version are with its nodes, of requests that have many: as many as keep the nodes busy. The others
/// wait here, in order, so that no node's queue, and nothing on the way to it, is full of them when a request of a few rows
/// comes. Those that could not be answered in their time, by what others took, are not sent: the nodes work for those that
/// can. A value without clock and tasks.
struct RowWindow<Waiter> {
    private struct Entry {
        var id: UInt64
        var rows: Int
        var deadline: ContinuousClock.Instant
        var waiter: Waiter
    }

    /// What becomes of a request that comes.
    enum Entrance: Equatable {
        /// It goes on, as one of so many rows that are with the nodes.
        case now(among: Int)
        case later
        /// It would have its answer about so long from now.
        case tooLate(Duration)
    }

    /// What becomes of those that wait.
    struct Turns {
        /// They go on, each as one of so many rows.
        var admitted: [(waiter: Waiter, among: Int)] = []
        /// They would have their answers about so long from now.
        var tooLate: [(waiter: Waiter, time: Duration)] = []
    }

    private(set) var rows = 0
    private(set) var waitingRows = 0
    var cost = RowCost()
    private var entries = CircularBuffer<Entry>()

    var waiting: Int { entries.count }
    var isEmpty: Bool { rows == 0 && entries.isEmpty }

    /// A request that goes on counts then. One that is larger than the window goes alone.
    mutating func enter(
        _ rows: Int, limit: Int, until deadline: ContinuousClock.Instant, at now: ContinuousClock.Instant
    ) -> Entrance {
        if let time = excess(self.rows + waitingRows, rows, deadline - now) { return .tooLate(time) }
        guard entries.isEmpty, fits(rows, limit) else { return .later }
        self.rows += rows
        return .now(among: self.rows)
    }

    mutating func wait(_ waiter: Waiter, as id: UInt64, rows: Int, until deadline: ContinuousClock.Instant) {
        entries.append(Entry(id: id, rows: rows, deadline: deadline, waiter: waiter))
        waitingRows += rows
    }

    /// A request is over. Those that may go on now count already.
    mutating func leave(_ rows: Int, limit: Int, at now: ContinuousClock.Instant) -> Turns {
        self.rows -= rows
        return admit(limit: limit, at: now)
    }

    /// One waits no longer; nil where it has gone on already.
    mutating func giveUp(_ id: UInt64) -> Waiter? {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return nil }
        let entry = entries.remove(at: index)
        waitingRows -= entry.rows
        return entry.waiter
    }

    /// Those whose turn it is, as after one before them gave up.
    mutating func admit(limit: Int, at now: ContinuousClock.Instant) -> Turns {
        var turns = Turns()
        while let first = entries.first {
            if let time = excess(rows, first.rows, first.deadline - now) {
                turns.tooLate.append((first.waiter, time))
            } else if fits(first.rows, limit) {
                rows += first.rows
                turns.admitted.append((first.waiter, rows))
            } else {
                break
            }
            waitingRows -= first.rows
            entries.removeFirst()
        }
        return turns
    }

    /// How long a request would take behind so many rows, where that is longer than it is allowed. One that is alone is tried
    /// in any case: what is thought of the cost may be wrong.
    private func excess(_ before: Int, _ rows: Int, _ allowed: Duration) -> Duration? {
        guard before > 0, let time = cost.time(of: before + rows), time > allowed else { return nil }
        return time
    }

    private func fits(_ rows: Int, _ limit: Int) -> Bool { self.rows == 0 || self.rows + rows <= limit }
}
