import Testing

@testable import Serving

@Suite struct BatchQueueTests {
    private let a = ModelKey(model: "a", version: 1)
    private let b = ModelKey(model: "b", version: 1)

    private func queue(batch: Int = 8, rows: Int = 100) -> BatchQueue<String> {
        BatchQueue(limits: ServingLimits(maximumBatchRows: batch, queueRows: rows))
    }

    private func describe(_ batch: BatchQueue<String>.Batch?) -> [String] {
        batch?.slices.map { "\($0.request)[\($0.rows)]\($0.isLast ? "" : "…")" } ?? []
    }

    @Test func takesWhatWaitsInOrderUpToABatch() throws {
        var queue = queue()
        for (name, rows) in [("r1", 3), ("r2", 4), ("r3", 2), ("r4", 1)] {
            try queue.admit(name, for: a, rows: rows, deadline: 0, now: 0)
        }
        #expect(queue.waitingRows == 10)
        #expect(describe(queue.next(at: 0).batch) == ["r1[0..<3]", "r2[0..<4]"])
        #expect(describe(queue.next(at: 0).batch) == ["r3[0..<2]", "r4[0..<1]"])
        #expect(queue.next(at: 0).batch == nil)
        #expect(queue.isEmpty && queue.waitingRows == 0)
    }

    @Test func cutsARequestThatFitsNoBatch() throws {
        var queue = queue()
        try queue.admit("large", for: a, rows: 19, deadline: 0, now: 0)
        try queue.admit("small", for: a, rows: 2, deadline: 0, now: 0)
        #expect(describe(queue.next(at: 0).batch) == ["large[0..<8]…"])
        #expect(queue.waitingRows == 13)
        #expect(describe(queue.next(at: 0).batch) == ["large[8..<16]…"])
        #expect(describe(queue.next(at: 0).batch) == ["large[16..<19]", "small[0..<2]"])
        #expect(queue.isEmpty)
    }

    @Test func modelsTakeTurns() throws {
        var queue = queue(batch: 2)
        for index in 0..<6 { try queue.admit("a\(index)", for: a, rows: 1, deadline: 0, now: 0) }
        try queue.admit("b0", for: b, rows: 1, deadline: 0, now: 0)
        var order: [[String]] = []
        while let batch = queue.next(at: 0).batch { order.append(batch.slices.map(\.request)) }
        #expect(order == [["a0", "a1"], ["b0"], ["a2", "a3"], ["a4", "a5"]])
    }

    @Test func refusesWhatIsTooMuchAndKeepsTheRest() throws {
        var queue = queue(rows: 10)
        try queue.admit("r1", for: a, rows: 8, deadline: 0, now: 0)
        #expect(throws: BatchQueue<String>.Refusal.full(waitingRows: 8, limit: 10)) {
            try queue.admit("r2", for: b, rows: 3, deadline: 0, now: 0)
        }
        #expect(throws: BatchQueue<String>.Refusal.tooLarge(rows: 11, limit: 10)) {
            try queue.admit("r3", for: b, rows: 11, deadline: 0, now: 0)
        }
        try queue.admit("r4", for: b, rows: 2, deadline: 0, now: 0)
        #expect(describe(queue.next(at: 0).batch) == ["r1[0..<8]"])
        #expect(describe(queue.next(at: 0).batch) == ["r4[0..<2]"])
    }

    @Test func neverRunsWhatCameTooLate() throws {
        var queue = queue()
        try queue.admit("late", for: a, rows: 1, deadline: 50, now: 0)
        try queue.admit("none", for: a, rows: 1, deadline: 0, now: 0)
        try queue.admit("later", for: b, rows: 1, deadline: 60, now: 0)
        let first = queue.next(at: 55)
        #expect(describe(first.batch) == ["none[0..<1]"])
        #expect(first.expired == ["late"])
        let second = queue.next(at: 60)
        #expect(second.batch == nil)
        #expect(second.expired == ["later"])
        #expect(queue.isEmpty && queue.waitingRows == 0)
    }

    @Test func whatIsTooLateMakesRoom() throws {
        var queue = queue(rows: 4)
        try queue.admit("late", for: a, rows: 3, deadline: 10, now: 0)
        try queue.admit("waiting", for: b, rows: 1, deadline: 0, now: 0)
        try queue.admit("new", for: b, rows: 3, deadline: 0, now: 20)
        let next = queue.next(at: 20)
        #expect(next.expired == ["late"])
        #expect(describe(next.batch) == ["waiting[0..<1]", "new[0..<3]"])
    }

    @Test func aCutRequestMayComeTooLateHalfway() throws {
        var queue = queue()
        try queue.admit("large", for: a, rows: 12, deadline: 10, now: 0)
        #expect(describe(queue.next(at: 5).batch) == ["large[0..<8]…"])
        let next = queue.next(at: 10)
        #expect(next.batch == nil && next.expired == ["large"])
        #expect(queue.isEmpty && queue.waitingRows == 0)
    }

    /// Whatever is admitted comes out exactly once: every row in one slice, or the request among the expired.
    @Test func losesAndDoublesNothing() throws {
        var random = SplitMix(state: 3)
        for _ in 0..<200 {
            var queue = queue(batch: Int.random(in: 1...9, using: &random), rows: 40)
            var waiting: [String: Int] = [:]
            var now: UInt64 = 1
            for step in 0..<60 {
                now += UInt64.random(in: 0...3, using: &random)
                let key = Bool.random(using: &random) ? a : b
                let rows = Int.random(in: 1...25, using: &random)
                let deadline = Bool.random(using: &random) ? 0 : now + UInt64.random(in: 1...9, using: &random)
                if (try? queue.admit("r\(step)", for: key, rows: rows, deadline: deadline, now: now)) != nil {
                    waiting["r\(step)"] = rows
                }
                if Bool.random(using: &random) { take(queue.next(at: now), from: &waiting, limits: queue.limits) }
            }
            while !queue.isEmpty { take(queue.next(at: now), from: &waiting, limits: queue.limits) }
            #expect(waiting.isEmpty && queue.waitingRows == 0)
        }
    }

    private func take(
        _ next: (batch: BatchQueue<String>.Batch?, expired: [String]), from waiting: inout [String: Int],
        limits: ServingLimits
    ) {
        for request in next.expired { #expect(waiting.removeValue(forKey: request) != nil) }
        guard let batch = next.batch else { return }
        #expect((1...limits.maximumBatchRows).contains(batch.rows))
        for slice in batch.slices {
            waiting[slice.request]! -= slice.rows.count
            #expect((waiting[slice.request] == 0) == slice.isLast)
            if slice.isLast { waiting[slice.request] = nil }
        }
    }
}
