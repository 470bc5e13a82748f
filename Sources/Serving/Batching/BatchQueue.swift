import DequeModule

/// The requests that wait for the executor, and which of them run together. A value: it neither waits nor runs them.
///
/// There is no delay to gather a batch. Whenever the executor is free it takes what waits, so batches grow with load by
/// themselves, and a lone request is never held up. Each version has a queue of its own, with room of its own, and
/// versions take turns in the order in which they came to have something waiting, one batch each: a flooded version
/// costs the others one batch at a time, and none of their places.
struct BatchQueue<Request> {
    /// Some rows of one request.
    struct Portion {
        var request: Request
        var rows: Range<Int>
        /// The request has no rows behind these.
        var isLast: Bool
    }

    struct Batch {
        var key: ModelKey
        var portions: [Portion]
        /// Rows that a batch of its version may have.
        var capacity: Int

        var rows: Int { portions.reduce(0) { $0 + $1.rows.count } }
    }

    enum Refusal: Error, Equatable {
        case full(waitingRows: Int, limit: Int)
        case tooLarge(rows: Int, limit: Int)
        case noMemory(waitingBytes: Int, bytes: Int, limit: Int)
    }

    let limits: ServingLimits
    /// Rows in all lanes.
    private(set) var waitingRows = 0
    /// Bytes of the requests in all lanes.
    private(set) var waitingBytes = 0
    private var lanes: [ModelKey: BatchLane<Request>] = [:]
    /// Versions with a lane, next first.
    private var turns: Deque<ModelKey> = []
    private var expired: [Request] = []

    init(limits: ServingLimits) {
        self.limits = limits
    }

    var isEmpty: Bool { turns.isEmpty && expired.isEmpty }

    /// Whose batch is next.
    var nextKey: ModelKey? { turns.first }

    func isWaiting(for key: ModelKey) -> Bool { lanes[key] != nil }

    /// Lets a request of `rows` rows wait. Where that would be too many, those whose time is over make room first.
    ///
    /// - Parameters:
    ///   - bytes: that it holds while it waits.
    ///   - capacity: rows that a batch of its version may have.
    ///   - deadline: when nobody waits for it any more.
    mutating func admit(
        _ request: Request, for key: ModelKey, rows: Int, bytes: Int, capacity: Int,
        deadline: ContinuousClock.Instant?, now: ContinuousClock.Instant
    ) throws(Refusal) {
        guard rows <= limits.queueRows else { throw .tooLarge(rows: rows, limit: limits.queueRows) }
        if refusal(of: rows, bytes, for: key) != nil { expireAll(at: now) }
        if let refusal = refusal(of: rows, bytes, for: key) { throw refusal }
        if lanes[key] == nil { turns.append(key) }
        lanes[key, default: BatchLane(capacity: capacity)].append(
            .init(request: request, rows: 0..<rows, bytes: bytes, deadline: deadline))
        waitingRows += rows
        waitingBytes += bytes
    }

    /// The next batch, nil where nothing waits, and the requests whose time was over before their turn came.
    mutating func next(at now: ContinuousClock.Instant) -> (batch: Batch?, expired: [Request]) {
        var batch: Batch?
        while batch == nil, let key = turns.popFirst() {
            batch = change(key) { $0.next(key, at: now, expired: &$1) }
            if lanes[key] != nil { turns.append(key) }
        }
        defer { expired = [] }
        return (batch, expired)
    }

    /// Takes a batch back that has had its turn and needs another one. Its version's next batch is this one again.
    mutating func putBack(_ batch: Batch) {
        if lanes[batch.key] == nil { turns.append(batch.key) }
        lanes[batch.key, default: BatchLane(capacity: batch.capacity)].underWay = batch
    }

    /// Takes out what waits of the first request that matches, and returns it. Batches that have begun keep theirs.
    mutating func remove(where matches: (Request) -> Bool) -> Request? {
        for key in turns {
            guard let request = change(key, { lane, _ in lane.remove(where: matches) }) else { continue }
            if lanes[key] == nil { turns.removeAll { $0 == key } }
            return request
        }
        return nil
    }

    /// The first request that matches and has rows in a batch that has begun and needs another turn.
    func underWay(where matches: (Request) -> Bool) -> Request? {
        for case let batch? in lanes.values.lazy.map(\.underWay) {
            if let portion = batch.portions.first(where: { matches($0.request) }) { return portion.request }
        }
        return nil
    }

    /// Takes out what waits for one version.
    mutating func removeAll(for key: ModelKey) -> [Request] {
        guard let lane = lanes.removeValue(forKey: key) else { return [] }
        turns.removeAll { $0 == key }
        waitingRows -= lane.rows
        waitingBytes -= lane.bytes
        return lane.requests
    }

    /// Takes everything out. A request that is in a batch under way may come twice.
    mutating func removeAll() -> [Request] {
        let all = turns.flatMap { lanes[$0]?.requests ?? [] } + expired
        self = BatchQueue(limits: limits)
        return all
    }

    private func refusal(of rows: Int, _ bytes: Int, for key: ModelKey) -> Refusal? {
        let (laneRows, laneBytes) = lanes[key].map { ($0.rows(besides: rows), $0.bytes) } ?? (0, 0)
        guard laneRows + rows <= limits.queueRows else {
            return .full(waitingRows: laneRows, limit: limits.queueRows)
        }
        guard laneBytes + bytes <= limits.queueBytes - waitingBytes else {
            return .noMemory(waitingBytes: waitingBytes, bytes: bytes, limit: limits.queueBytes)
        }
        return nil
    }

    private mutating func expireAll(at now: ContinuousClock.Instant) {
        for key in turns { change(key) { $0.expire(at: now, expired: &$1) } }
        turns.removeAll { lanes[$0] == nil }
    }

    /// Changes a lane, which is gone once it is empty, and counts what that changes.
    private mutating func change<Result>(
        _ key: ModelKey, _ body: (inout BatchLane<Request>, inout [Request]) -> Result
    ) -> Result {
        guard var lane = lanes.removeValue(forKey: key) else { preconditionFailure("a turn without a lane: \(key)") }
        waitingRows -= lane.rows
        waitingBytes -= lane.bytes
        let result = body(&lane, &expired)
        waitingRows += lane.rows
        waitingBytes += lane.bytes
        if !lane.isEmpty { lanes[key] = lane }
        return result
    }
}
