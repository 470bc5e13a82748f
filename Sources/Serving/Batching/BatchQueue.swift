import DequeModule

/// The requests that wait for the executor, and which of them run together. A value: it neither waits nor runs them.
///
/// There is no delay to gather a batch. Whenever the executor is free it takes what waits, so batches grow with load by
/// themselves, and a lone request is never held up. Models take turns in the order in which they came to have something
/// waiting, one batch each, so a flooded model costs the others one batch at a time.
struct BatchQueue<Request> {
    /// Some rows of one request.
    struct Slice {
        var request: Request
        var rows: Range<Int>
        /// The request has no rows behind these.
        var isLast: Bool
    }

    struct Batch {
        var key: ModelKey
        var slices: [Slice]

        var rows: Int { slices.reduce(0) { $0 + $1.rows.count } }
    }

    enum Refusal: Error, Equatable {
        case full(waitingRows: Int, limit: Int)
        case tooLarge(rows: Int, limit: Int)
    }

    private struct Entry {
        var request: Request
        var rows: Range<Int>
        /// Microseconds since 1970; 0: none.
        var deadline: UInt64

        func isExpired(at now: UInt64) -> Bool { deadline != 0 && deadline <= now }
    }

    let limits: ServingLimits
    /// Rows in all entries.
    private(set) var waitingRows = 0
    private var entries: [ModelKey: Deque<Entry>] = [:]
    /// Models with entries, next first.
    private var turns: Deque<ModelKey> = []
    private var expired: [Request] = []

    init(limits: ServingLimits) {
        self.limits = limits
    }

    var isEmpty: Bool { turns.isEmpty && expired.isEmpty }

    /// Whose batch is next.
    var nextKey: ModelKey? { turns.first }

    func isWaiting(for key: ModelKey) -> Bool { entries[key] != nil }

    /// Lets a request of `rows` rows wait. Where that would be too many, those whose time is over make room first.
    mutating func admit(
        _ request: Request, for key: ModelKey, rows: Int, deadline: UInt64, now: UInt64
    ) throws(Refusal) {
        guard rows <= limits.queueRows else { throw .tooLarge(rows: rows, limit: limits.queueRows) }
        if waitingRows + rows > limits.queueRows { expireAll(at: now) }
        guard waitingRows + rows <= limits.queueRows else {
            throw .full(waitingRows: waitingRows, limit: limits.queueRows)
        }
        if entries[key] == nil { turns.append(key) }
        entries[key, default: []].append(Entry(request: request, rows: 0..<rows, deadline: deadline))
        waitingRows += rows
    }

    /// The next batch, nil where nothing waits, and the requests whose time was over before their turn came.
    ///
    /// Whole requests run together as long as they fit. One that fits no batch is cut, and its last piece may share a
    /// batch with others.
    mutating func next(at now: UInt64) -> (batch: Batch?, expired: [Request]) {
        var batch: Batch?
        while batch == nil, let key = turns.popFirst() {
            let slices = takeSlices(for: key, at: now)
            if entries[key] != nil { turns.append(key) }
            if !slices.isEmpty { batch = Batch(key: key, slices: slices) }
        }
        defer { expired = [] }
        return (batch, expired)
    }

    /// Takes everything out.
    mutating func removeAll() -> [Request] {
        let all = turns.flatMap { entries[$0, default: []].map(\.request) } + expired
        self = BatchQueue(limits: limits)
        return all
    }

    private mutating func takeSlices(for key: ModelKey, at now: UInt64) -> [Slice] {
        var slices: [Slice] = []
        var room = limits.maximumBatchRows
        while room > 0, let entry = entries[key]?.first {
            if entry.isExpired(at: now) {
                expired.append(entry.request)
                drop(entry.rows.count, of: key)
                continue
            }
            guard entry.rows.count <= room || slices.isEmpty else { break }
            let taken = entry.rows.prefix(room)
            let isLast = taken.count == entry.rows.count
            slices.append(Slice(request: entry.request, rows: taken.startIndex..<taken.endIndex, isLast: isLast))
            room -= taken.count
            if isLast {
                drop(taken.count, of: key)
            } else {
                entries[key]![0].rows = taken.endIndex..<entry.rows.upperBound
                waitingRows -= taken.count
            }
        }
        return slices
    }

    /// Removes the first entry of `key`, of which `rows` rows still waited.
    private mutating func drop(_ rows: Int, of key: ModelKey) {
        entries[key]!.removeFirst()
        if entries[key]!.isEmpty { entries[key] = nil }
        waitingRows -= rows
    }

    private mutating func expireAll(at now: UInt64) {
        for key in turns {
            let late = entries[key]!.filter { $0.isExpired(at: now) }
            guard !late.isEmpty else { continue }
            expired += late.map(\.request)
            waitingRows -= late.reduce(0) { $0 + $1.rows.count }
            entries[key]!.removeAll { $0.isExpired(at: now) }
            if entries[key]!.isEmpty { entries[key] = nil }
        }
        turns.removeAll { entries[$0] == nil }
    }
}
