import DequeModule

/// What waits for one version, in a `BatchQueue`.
///
/// Small requests, of a quarter of a batch at most, run whole, and before large ones that came earlier: one row waits for
/// the batch that runs, however many rows of others wait. Large requests fill what small ones leave of a batch, in order
/// and cut where it is full, so that no more than one is half done; while small ones wait too, they have every second
/// batch to themselves, so that neither kind keeps the other waiting.
struct BatchLane<Request> {
    struct Entry {
        var request: Request
        var rows: Range<Int>
        /// Held until the last of its rows is taken.
        var bytes: Int
        var deadline: ContinuousClock.Instant?

        func isExpired(at now: ContinuousClock.Instant) -> Bool { deadline.map { $0 <= now } ?? false }
    }

    typealias Batch = BatchQueue<Request>.Batch
    typealias Slice = BatchQueue<Request>.Slice

    /// Rows that a batch may have.
    let capacity: Int
    /// Rows and bytes of all that waits.
    private(set) var rows = 0
    private(set) var bytes = 0
    /// A batch that has begun and needs another turn.
    var underWay: Batch?
    private var small: Deque<Entry> = []
    /// Of the first some rows may have been taken.
    private var large: Deque<Entry> = []
    private var isLargeNext = false

    init(capacity: Int) {
        self.capacity = capacity
    }

    var isEmpty: Bool { small.isEmpty && large.isEmpty && underWay == nil }

    var requests: [Request] { (underWay?.slices.map(\.request) ?? []) + (small + large).map(\.request) }

    mutating func append(_ entry: Entry) {
        if entry.rows.count <= max(1, capacity / 4) { small.append(entry) } else { large.append(entry) }
        rows += entry.rows.count
        bytes += entry.bytes
    }

    /// The next batch; nil where only requests waited whose time is over.
    mutating func next(_ key: ModelKey, at now: ContinuousClock.Instant, expired: inout [Request]) -> Batch? {
        if let batch = underWay {
            underWay = nil
            return batch
        }
        var batch = Batch(key: key, slices: [], capacity: capacity)
        var room = capacity
        if isLargeNext {
            takePiece(&batch, &room, at: now, expired: &expired)
            isLargeNext = false
            takeWholes(&batch, &room, at: now, expired: &expired)
        } else {
            takeWholes(&batch, &room, at: now, expired: &expired)
            isLargeNext = !batch.slices.isEmpty
            takePiece(&batch, &room, at: now, expired: &expired)
        }
        return batch.slices.isEmpty ? nil : batch
    }

    mutating func remove(where matches: (Request) -> Bool) -> Request? {
        if let index = small.firstIndex(where: { matches($0.request) }) { return forget(small.remove(at: index)) }
        if let index = large.firstIndex(where: { matches($0.request) }) { return forget(large.remove(at: index)) }
        return nil
    }

    mutating func expire(at now: ContinuousClock.Instant, expired: inout [Request]) {
        for entry in small + large where entry.isExpired(at: now) { expired.append(forget(entry)) }
        small.removeAll { $0.isExpired(at: now) }
        large.removeAll { $0.isExpired(at: now) }
    }

    private mutating func takeWholes(
        _ batch: inout Batch, _ room: inout Int, at now: ContinuousClock.Instant, expired: inout [Request]
    ) {
        while room > 0, let entry = small.first {
            guard !entry.isExpired(at: now) else {
                expired.append(forget(small.removeFirst()))
                continue
            }
            guard entry.rows.count <= room else { return }
            room -= entry.rows.count
            batch.slices.append(Slice(request: forget(small.removeFirst()), rows: entry.rows, isLast: true))
        }
    }

    private mutating func takePiece(
        _ batch: inout Batch, _ room: inout Int, at now: ContinuousClock.Instant, expired: inout [Request]
    ) {
        while room > 0, let entry = large.first {
            guard !entry.isExpired(at: now) else {
                expired.append(forget(large.removeFirst()))
                continue
            }
            let taken = entry.rows.prefix(room)
            let isLast = taken.count == entry.rows.count
            batch.slices.append(
                Slice(request: entry.request, rows: taken.startIndex..<taken.endIndex, isLast: isLast))
            room -= taken.count
            if isLast {
                _ = forget(large.removeFirst())
            } else {
                large[0].rows = taken.endIndex..<entry.rows.upperBound
                rows -= taken.count
            }
        }
    }

    /// Counts an entry no longer.
    private mutating func forget(_ entry: Entry) -> Request {
        rows -= entry.rows.count
        bytes -= entry.bytes
        return entry.request
    }
}
