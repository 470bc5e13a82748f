import HeapModule

/// The requests that wait for their answers, by message id and by deadline. A value without clock or thread: the time
/// comes in, what has to happen comes out.
struct PendingRequests<Completion> {
    struct Request {
        var messageID: UInt64
        /// Whom the request went to. An answer from anyone else does not count.
        var destination: ConnectionKey
        /// Nanoseconds on the monotonic clock.
        var deadline: UInt64
        var completion: Completion
    }

    private struct Deadline: Comparable {
        var time: UInt64
        var messageID: UInt64

        static func < (one: Deadline, other: Deadline) -> Bool { one.time < other.time }
    }

    private var requests: [UInt64: Request] = [:]
    /// Also holds deadlines of requests already answered; they are passed over, and removed when they are the most.
    private var deadlines = Heap<Deadline>()

    var count: Int { requests.count }

    /// Deadlines held, those of requests already answered included.
    var deadlineCount: Int { deadlines.count }

    mutating func insert(_ request: Request) {
        requests[request.messageID] = request
        deadlines.insert(Deadline(time: request.deadline, messageID: request.messageID))
        if deadlines.count > 2 * requests.count + 1024 {
            deadlines = Heap(requests.values.map { Deadline(time: $0.deadline, messageID: $0.messageID) })
        }
    }

    /// Takes the request that a message from `sender` answers; nil when there is none.
    mutating func answer(to messageID: UInt64, from sender: ConnectionKey) -> Request? {
        guard requests[messageID]?.destination == sender else { return nil }
        return requests.removeValue(forKey: messageID)
    }

    /// The request that a message from `sender` answers, which goes on waiting.
    func waiting(_ messageID: UInt64, for sender: ConnectionKey) -> Request? {
        requests[messageID].flatMap { $0.destination == sender ? $0 : nil }
    }

    /// The request goes on waiting after an answer was taken, until the deadline that it had.
    mutating func putBack(_ request: Request) {
        requests[request.messageID] = request
    }

    mutating func remove(_ messageID: UInt64) -> Request? {
        requests.removeValue(forKey: messageID)
    }

    mutating func removeAll(where matches: (Request) -> Bool) -> [Request] {
        let removed = requests.values.filter(matches)
        for request in removed { requests[request.messageID] = nil }
        return removed
    }

    /// Takes every request whose deadline is at or before `now`.
    mutating func expire(at now: UInt64) -> [Request] {
        var expired: [Request] = []
        while let first = deadlines.min, first.time <= now {
            deadlines.removeMin()
            if let request = requests.removeValue(forKey: first.messageID) { expired.append(request) }
        }
        return expired
    }

    /// The earliest deadline of a request that still waits.
    mutating func nextDeadline() -> UInt64? {
        while let first = deadlines.min {
            if requests[first.messageID] != nil { return first.time }
            deadlines.removeMin()
        }
        return nil
    }
}

extension PendingRequests: Sendable where Completion: Sendable {}
extension PendingRequests.Request: Sendable where Completion: Sendable {}
