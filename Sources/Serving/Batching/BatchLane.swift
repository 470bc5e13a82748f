import DequeModule
import Wire

/// What waits for one version, in a `BatchQueue`.
///
/// Small requests, of a quarter of a batch at most, run whole, and before large ones that came earlier: one row waits for
/// the batch that runs, however many rows of others wait. Large requests fill what small ones leave of a batch, in order
/// and cut where it is full, so that no more than one is half done; while small ones wait too, they have every second
/// batch to themselves, so that neither kind keeps the other waiting.
struct BatchLane<Request> {
    /// How many rows a request has.
    private enum Number {
        case few, many

        init(_ rows: Int) { self = rows < InferRequest.manyRows ? .few : .many }
    }

    /// Rows, by how many their requests have.
    private struct Counts {
        private var few = 0
        private var many = 0

        subscript(number: Number) -> Int {
            get { number == .few ? few : many }
            set { if number == .few { few = newValue } else { many = newValue } }
        }
    }

    struct Entry {
        var request: Request
        /// Those that are not taken yet.
        var rows: Range<Int>
        /// Held until the last of its rows is taken.
        var bytes: Int
        var deadline: ContinuousClock.Instant?

        func isExpired(at now: ContinuousClock.Instant) -> Bool { deadline.map { $0 <= now } ?? false }
    }

    typealias Batch = BatchQueue<Request>.Batch
    typealias Portion = BatchQueue<Request>.Portion

    /// Rows that a batch may have.
    let capacity: Int
    /// A batch that has begun and needs another turn.
    var underWay: Batch?
    private var small = Line()
    /// Of the first some rows may have been taken.
    private var large = Line()
    private var isLargeNext = false

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Rows and bytes of all that waits.
    var rows: Int { rows(inRequestsOf: .few) + rows(inRequestsOf: .many) }
    var bytes: Int { small.bytes + large.bytes }

    var isEmpty: Bool { small.entries.isEmpty && large.entries.isEmpty && underWay == nil }

    var requests: [Request] {
        (underWay?.portions.map(\.request) ?? []) + (small.entries + large.entries).map(\.request)
    }

    /// Rows that wait in such requests as one of so many rows is: neither kind takes the other's room, whatever the order
    /// in which they run.
    func rows(besides rows: Int) -> Int { self.rows(inRequestsOf: Number(rows)) }

    private func rows(inRequestsOf number: Number) -> Int {
        small.rows[number] + large.rows[number]
    }

    mutating func append(_ entry: Entry) {
        if isSmall(entry.rows.count) { small.append(entry) } else { large.append(entry) }
    }

    private func isSmall(_ rows: Int) -> Bool { rows <= max(1, capacity / 4) }

    /// The next batch; nil where only requests waited whose time is over.
    mutating func next(_ key: ModelKey, at now: ContinuousClock.Instant, expired: inout [Request]) -> Batch? {
        if let batch = underWay {
            underWay = nil
            return batch
        }
        var batch = Batch(key: key, portions: [], capacity: capacity)
        var room = capacity
        if isLargeNext {
            takePiece(&batch, &room, at: now, expired: &expired)
            isLargeNext = false
            takeWholes(&batch, &room, at: now, expired: &expired)
        } else {
            takeWholes(&batch, &room, at: now, expired: &expired)
            isLargeNext = !batch.portions.isEmpty
            takePiece(&batch, &room, at: now, expired: &expired)
        }
        return batch.portions.isEmpty ? nil : batch
    }

    mutating func remove(where matches: (Request) -> Bool) -> Request? {
        small.remove(where: matches) ?? large.remove(where: matches)
    }

    mutating func expire(at now: ContinuousClock.Instant, expired: inout [Request]) {
        expired += small.expire(at: now) + large.expire(at: now)
    }

    private mutating func takeWholes(
        _ batch: inout Batch, _ room: inout Int, at now: ContinuousClock.Instant, expired: inout [Request]
    ) {
        while room > 0, let entry = small.entries.first {
            guard !entry.isExpired(at: now) else {
                expired.append(small.removeFirst())
                continue
            }
            guard entry.rows.count <= room else { return }
            room -= entry.rows.count
            batch.portions.append(Portion(request: small.removeFirst(), rows: entry.rows, isLast: true))
        }
    }

    private mutating func takePiece(
        _ batch: inout Batch, _ room: inout Int, at now: ContinuousClock.Instant, expired: inout [Request]
    ) {
        while room > 0, let entry = large.entries.first {
            guard !entry.isExpired(at: now) else {
                expired.append(large.removeFirst())
                continue
            }
            let taken = entry.rows.prefix(room)
            let isLast = taken.count == entry.rows.count
            batch.portions.append(
                Portion(request: entry.request, rows: taken.startIndex..<taken.endIndex, isLast: isLast))
            room -= taken.count
            if isLast {
                _ = large.removeFirst()
            } else {
                large.takeOfFirst(taken.count)
            }
        }
    }
}

extension BatchLane {
    /// Requests of one kind, in order, and what they hold.
    private struct Line {
        private(set) var entries: Deque<Entry> = []
        private(set) var rows = Counts()
        private(set) var bytes = 0

        mutating func append(_ entry: Entry) {
            entries.append(entry)
            rows[number(of: entry)] += entry.rows.count
            bytes += entry.bytes
        }

        mutating func removeFirst() -> Request { remove(at: entries.startIndex) }

        mutating func remove(where matches: (Request) -> Bool) -> Request? {
            entries.firstIndex { matches($0.request) }.map { remove(at: $0) }
        }

        mutating func expire(at now: ContinuousClock.Instant) -> [Request] {
            let expired = entries.filter { $0.isExpired(at: now) }
            guard !expired.isEmpty else { return [] }
            entries.removeAll { $0.isExpired(at: now) }
            for entry in expired { forget(entry) }
            return expired.map(\.request)
        }

        /// The first of its rows go into a batch, and others are left.
        mutating func takeOfFirst(_ count: Int) {
            rows[number(of: entries[0])] -= count
            entries[0].rows = entries[0].rows.dropFirst(count)
        }

        private mutating func remove(at index: Int) -> Request {
            let entry = entries.remove(at: index)
            forget(entry)
            return entry.request
        }

        /// Rows are taken from the front, so the last one tells how many there were.
        private func number(of entry: Entry) -> Number { Number(entry.rows.upperBound) }

        private mutating func forget(_ entry: Entry) {
            rows[number(of: entry)] -= entry.rows.count
            bytes -= entry.bytes
        }
    }
}
