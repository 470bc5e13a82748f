import NIOCore

/// How many rows of one version are with its nodes, of requests that have many: as many as keep the nodes busy. The others
/// wait here, in order, so that no node's queue, and nothing on the way to it, is full of them when a request of a few rows
/// comes. A value without clock and tasks.
struct RowWindow<Waiter> {
    private struct Entry {
        var id: UInt64
        var rows: Int
        var waiter: Waiter
    }

    private(set) var rows = 0
    private var entries = CircularBuffer<Entry>()

    var waiting: Int { entries.count }
    var isEmpty: Bool { rows == 0 && entries.isEmpty }

    /// Whether a request may go on at once, which counts then. One that is larger than the window goes alone.
    mutating func enter(_ rows: Int, limit: Int) -> Bool {
        guard entries.isEmpty, fits(rows, limit) else { return false }
        self.rows += rows
        return true
    }

    mutating func wait(_ waiter: Waiter, as id: UInt64, rows: Int) {
        entries.append(Entry(id: id, rows: rows, waiter: waiter))
    }

    /// A request is over. Those that may go on now count already.
    mutating func leave(_ rows: Int, limit: Int) -> [Waiter] {
        self.rows -= rows
        return admit(limit: limit)
    }

    /// One waits no longer; nil where it has gone on already.
    mutating func giveUp(_ id: UInt64) -> Waiter? {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return nil }
        return entries.remove(at: index).waiter
    }

    /// Those that may go on, as after one before them gave up.
    mutating func admit(limit: Int) -> [Waiter] {
        var admitted: [Waiter] = []
        while let first = entries.first, fits(first.rows, limit) {
            rows += first.rows
            admitted.append(first.waiter)
            entries.removeFirst()
        }
        return admitted
    }

    private func fits(_ rows: Int, _ limit: Int) -> Bool { self.rows == 0 || self.rows + rows <= limit }
}
