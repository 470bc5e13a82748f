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

    /// What the nodes of a version have at once: so many rows together, and one request each however large it is.
    struct Room: Equatable {
        var rows: Int
        var nodes: Int
    }

    /// What becomes of a request that comes.
    enum Entrance: Equatable {
        /// It goes on, and has its answer when a node has done so many rows: its own, and those before it there.
        case now(load: Int)
        case later
        /// It would have its answer about so long from now.
        case tooLate(Duration)
    }

    /// What becomes of those that wait.
    struct Turns {
        var admitted: [(waiter: Waiter, load: Int)] = []
        var tooLate: [(waiter: Waiter, time: Duration)] = []
    }

    /// Requests that are with the nodes.
    private(set) var requests = 0
    private(set) var rows = 0
    private(set) var waitingRows = 0
    var cost = RowCost()
    private var entries = CircularBuffer<Entry>()

    var waiting: Int { entries.count }
    var isEmpty: Bool { rows == 0 && entries.isEmpty }

    /// A request that goes on counts then.
    mutating func enter(
        _ rows: Int, room: Room, until deadline: ContinuousClock.Instant, at now: ContinuousClock.Instant
    ) -> Entrance {
        if entries.isEmpty, hasIdleNode(room) { return .now(load: begin(rows, room)) }
        if let time = excess(load(of: rows, behind: self.rows + waitingRows, room), deadline - now) {
            return .tooLate(time)
        }
        guard entries.isEmpty, fits(rows, room) else { return .later }
        return .now(load: begin(rows, room))
    }

    mutating func wait(_ waiter: Waiter, as id: UInt64, rows: Int, until deadline: ContinuousClock.Instant) {
        entries.append(Entry(id: id, rows: rows, deadline: deadline, waiter: waiter))
        waitingRows += rows
    }

    /// A request is over. Those that may go on now count already.
    mutating func leave(_ rows: Int, room: Room, at now: ContinuousClock.Instant) -> Turns {
        self.rows -= rows
        requests -= 1
        return admit(room: room, at: now)
    }

    /// One waits no longer; nil where it has gone on already.
    mutating func giveUp(_ id: UInt64) -> Waiter? {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return nil }
        let entry = entries.remove(at: index)
        waitingRows -= entry.rows
        return entry.waiter
    }

    /// Those whose turn it is, as after one before them gave up.
    mutating func admit(room: Room, at now: ContinuousClock.Instant) -> Turns {
        var turns = Turns()
        while let first = entries.first {
            // What is thought of the cost may be wrong: where a node has nothing else to do, the last is tried in any case.
            let isTried = hasIdleNode(room) && entries.count == 1
            if !isTried, let time = excess(load(of: first.rows, behind: rows, room), first.deadline - now) {
                turns.tooLate.append((first.waiter, time))
            } else if fits(first.rows, room) {
                turns.admitted.append((first.waiter, begin(first.rows, room)))
            } else {
                break
            }
            waitingRows -= first.rows
            entries.removeFirst()
        }
        return turns
    }

    private mutating func begin(_ rows: Int, _ room: Room) -> Int {
        defer {
            self.rows += rows
            requests += 1
        }
        return load(of: rows, behind: self.rows, room)
    }

    /// The rows of a request, and those before it on its node where so many are before it on all of them.
    private func load(of rows: Int, behind others: Int, _ room: Room) -> Int {
        hasIdleNode(room) && others == self.rows ? rows : others / max(1, room.nodes) + rows
    }

    private func hasIdleNode(_ room: Room) -> Bool { requests < max(1, room.nodes) }

    /// How long so many rows take, where that is longer than is allowed.
    private func excess(_ rows: Int, _ allowed: Duration) -> Duration? {
        guard let time = cost.time(of: rows), time > allowed else { return nil }
        return time
    }

    private func fits(_ rows: Int, _ room: Room) -> Bool { hasIdleNode(room) || self.rows + rows <= room.rows }
}
