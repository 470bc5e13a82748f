import Testing

@testable import Serving

@Suite struct BatchQueueTests {
    private let a = ModelKey(model: "a", version: 1)
    private let b = ModelKey(model: "b", version: 1)
    private let start = ContinuousClock.now

    private func queue(batch: Int = 8, rows: Int = 100, bytes: Int = 1 << 20) -> BatchQueue<String> {
        var limits = ServingLimits(maximumBatchRows: batch, queueRows: rows)
        limits.queueBytes = bytes
        return BatchQueue(limits: limits)
    }

    private func at(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

    private func admit(
        _ request: String, to queue: inout BatchQueue<String>, for key: ModelKey, rows: Int, bytes: Int = 0,
        deadline: Int? = nil, now: Int = 0
    ) throws(BatchQueue<String>.Refusal) {
        try queue.admit(
            request, for: key, rows: rows, bytes: bytes, capacity: queue.limits.maximumBatchRows,
            deadline: deadline.map(at), now: at(now))
    }

    private func describe(_ batch: BatchQueue<String>.Batch?) -> [String] {
        batch?.portions.map { "\($0.request)[\($0.rows)]\($0.isLast ? "" : "…")" } ?? []
    }

    @Test func takesWhatWaitsInOrderUpToABatch() throws {
        var queue = queue()
        for (name, rows) in [("r1", 2), ("r2", 2), ("r3", 1), ("r4", 2), ("r5", 2), ("r6", 1)] {
            try admit(name, to: &queue, for: a, rows: rows)
        }
        #expect(queue.waitingRows == 10)
        #expect(describe(queue.next(at: at(0)).batch) == ["r1[0..<2]", "r2[0..<2]", "r3[0..<1]", "r4[0..<2]"])
        #expect(describe(queue.next(at: at(0)).batch) == ["r5[0..<2]", "r6[0..<1]"])
        #expect(queue.next(at: at(0)).batch == nil)
        #expect(queue.isEmpty && queue.waitingRows == 0)
    }

    /// A version whose network is slow, or takes much memory, has smaller batches than the node allows.
    @Test func batchesAreAsLargeAsTheirVersionCanTake() throws {
        var queue = queue()
        try queue.admit("r", for: a, rows: 5, bytes: 0, capacity: 2, deadline: nil, now: at(0))
        #expect(describe(queue.next(at: at(0)).batch) == ["r[0..<2]…"])
        #expect(describe(queue.next(at: at(0)).batch) == ["r[2..<4]…"])
        #expect(describe(queue.next(at: at(0)).batch) == ["r[4..<5]"])
    }

    /// Large requests are cut. They do not hold up small ones, and small ones do not hold them up.
    @Test func largeAndSmallRequestsTakeTurns() throws {
        var queue = queue(batch: 16)
        try admit("large", to: &queue, for: a, rows: 35)
        try admit("huge", to: &queue, for: a, rows: 46)
        #expect(describe(queue.next(at: at(0)).batch) == ["large[0..<16]…"])
        for name in ["s1", "s2", "s3", "s4", "s5"] { try admit(name, to: &queue, for: a, rows: 4) }
        #expect(queue.waitingRows == 19 + 46 + 20)
        #expect(describe(queue.next(at: at(0)).batch) == ["s1[0..<4]", "s2[0..<4]", "s3[0..<4]", "s4[0..<4]"])
        #expect(describe(queue.next(at: at(0)).batch) == ["large[16..<32]…"])
        #expect(describe(queue.next(at: at(0)).batch) == ["s5[0..<4]", "large[32..<35]", "huge[0..<9]…"])
        for first in stride(from: 9, to: 46, by: 16) {
            #expect(
                describe(queue.next(at: at(0)).batch) == [
                    "huge[\(first)..<\(min(first + 16, 46))]\(first < 41 ? "…" : "")"
                ])
        }
        #expect(queue.isEmpty && queue.waitingRows == 0)
    }

    /// One row waits for the batch that runs and for no other, however many rows came before it.
    @Test func fewRowsGoBeforeMany() throws {
        var queue = queue()
        for index in 0..<10 { try admit("many\(index)", to: &queue, for: a, rows: 8) }
        try admit("one", to: &queue, for: a, rows: 1)
        #expect(describe(queue.next(at: at(0)).batch) == ["one[0..<1]", "many0[0..<7]…"])
        #expect(describe(queue.next(at: at(0)).batch) == ["many0[7..<8]", "many1[0..<7]…"])
    }

    @Test func modelsTakeTurns() throws {
        var queue = queue(batch: 2)
        for index in 0..<6 { try admit("a\(index)", to: &queue, for: a, rows: 1) }
        try admit("b0", to: &queue, for: b, rows: 1)
        var order: [[String]] = []
        while let batch = queue.next(at: at(0)).batch { order.append(batch.portions.map(\.request)) }
        #expect(order == [["a0", "a1"], ["b0"], ["a2", "a3"], ["a4", "a5"]])
    }

    /// A batch that needs several turns gives others theirs in between, and none of its own version.
    @Test func aBatchThatIsPutBackIsNextOfItsVersion() throws {
        var queue = queue(batch: 2)
        for name in ["a0", "a1", "a2"] { try admit(name, to: &queue, for: a, rows: 1) }
        let begun = try #require(queue.next(at: at(0)).batch)
        try admit("b0", to: &queue, for: b, rows: 1)
        queue.putBack(begun)
        #expect(queue.underWay { $0 == "a1" } == "a1")
        #expect(queue.waitingRows == 2)
        var order: [[String]] = []
        while let batch = queue.next(at: at(0)).batch { order.append(batch.portions.map(\.request)) }
        #expect(order == [["a0", "a1"], ["b0"], ["a2"]])
        queue.putBack(begun)
        #expect(queue.isWaiting(for: a) && !queue.isEmpty)
        #expect(queue.removeAll() == ["a0", "a1"])
        #expect(queue.isEmpty)
    }

    @Test func refusesWhatIsTooMuchAndKeepsTheRest() throws {
        var queue = queue(rows: 10)
        try admit("r1", to: &queue, for: a, rows: 8)
        #expect(throws: BatchQueue<String>.Refusal.full(waitingRows: 8, limit: 10)) {
            try admit("r2", to: &queue, for: a, rows: 3)
        }
        #expect(throws: BatchQueue<String>.Refusal.tooLarge(rows: 11, limit: 10)) {
            try admit("r3", to: &queue, for: a, rows: 11)
        }
        try admit("r4", to: &queue, for: a, rows: 2)
        #expect(describe(queue.next(at: at(0)).batch) == ["r4[0..<2]", "r1[0..<6]…"])
        #expect(describe(queue.next(at: at(0)).batch) == ["r1[6..<8]"])
    }

    /// Requests of many rows are taken beside those of a few, and those beside the largest, also where a few are more than a
    /// part of a batch.
    @Test(arguments: [8, 64]) func fewAndManyRowsHaveRoomOfTheirOwn(batch: Int) throws {
        var queue = queue(batch: batch, rows: 40)
        try admit("first", to: &queue, for: a, rows: 15)
        try admit("largest", to: &queue, for: a, rows: 40)
        #expect(throws: BatchQueue<String>.Refusal.full(waitingRows: 40, limit: 40)) {
            try admit("many", to: &queue, for: a, rows: 16)
        }
        try admit("second", to: &queue, for: a, rows: 15)
        try admit("third", to: &queue, for: a, rows: 10)
        #expect(queue.waitingRows == 80)
        #expect(throws: BatchQueue<String>.Refusal.full(waitingRows: 40, limit: 40)) {
            try admit("one", to: &queue, for: a, rows: 1)
        }
        #expect(queue.remove { $0 == "first" } == "first")
        try admit("few", to: &queue, for: a, rows: 15)
        // Some of the largest may be taken: what is left of it still counts as of many.
        _ = queue.next(at: at(0))
        _ = queue.next(at: at(0))
        #expect(queue.remove { $0 == "largest" } == (batch == 64 ? nil : "largest"))
        try admit("many", to: &queue, for: a, rows: 40)
        while queue.next(at: at(0)).batch != nil {}
        #expect(queue.waitingRows == 0 && queue.waitingBytes == 0)
        try admit("few", to: &queue, for: a, rows: 40)
        #expect(queue.waitingRows == 40)
    }

    /// However full the queue of one version is, another's has its own room.
    @Test func everyVersionHasAQueueOfItsOwn() throws {
        var queue = queue(rows: 10)
        try admit("a", to: &queue, for: a, rows: 10)
        #expect(throws: BatchQueue<String>.Refusal.self) { try admit("a too", to: &queue, for: a, rows: 1) }
        try admit("b", to: &queue, for: b, rows: 10)
        #expect(queue.waitingRows == 20)
        #expect(describe(queue.next(at: at(0)).batch) == ["a[0..<8]…"])
        #expect(describe(queue.next(at: at(0)).batch) == ["b[0..<8]…"])
    }

    /// One version may fill half of the memory, two a third each: some is always left for another.
    @Test func versionsShareTheMemory() throws {
        var queue = queue(bytes: 1200)
        for index in 0..<6 { try admit("a\(index)", to: &queue, for: a, rows: 1, bytes: 100) }
        let refusal = BatchQueue<String>.Refusal.noMemory(waitingBytes: 600, bytes: 100, limit: 1200)
        #expect(throws: refusal) { try admit("a6", to: &queue, for: a, rows: 1, bytes: 100) }
        for index in 0..<3 { try admit("b\(index)", to: &queue, for: b, rows: 1, bytes: 100) }
        #expect(throws: BatchQueue<String>.Refusal.self) { try admit("b3", to: &queue, for: b, rows: 1, bytes: 100) }
        try admit("c", to: &queue, for: ModelKey(model: "c", version: 1), rows: 1, bytes: 100)
        #expect(queue.waitingBytes == 1000)
        while queue.next(at: at(0)).batch != nil {}
        #expect(queue.waitingBytes == 0)
    }

    @Test func neverRunsWhatCameTooLate() throws {
        var queue = queue()
        try admit("late", to: &queue, for: a, rows: 1, deadline: 50)
        try admit("none", to: &queue, for: a, rows: 1)
        try admit("later", to: &queue, for: b, rows: 1, deadline: 60)
        let first = queue.next(at: at(55))
        #expect(describe(first.batch) == ["none[0..<1]"])
        #expect(first.expired == ["late"])
        let second = queue.next(at: at(60))
        #expect(second.batch == nil)
        #expect(second.expired == ["later"])
        #expect(queue.isEmpty && queue.waitingRows == 0)
    }

    @Test func whatIsTooLateMakesRoom() throws {
        var queue = queue(rows: 4)
        try admit("late", to: &queue, for: a, rows: 3, deadline: 10)
        try admit("waiting", to: &queue, for: a, rows: 1)
        try admit("new", to: &queue, for: a, rows: 3, now: 20)
        let next = queue.next(at: at(20))
        #expect(next.expired == ["late"])
        #expect(describe(next.batch) == ["waiting[0..<1]", "new[0..<3]"])
    }

    @Test func aCutRequestMayComeTooLateHalfway() throws {
        var queue = queue()
        try admit("large", to: &queue, for: a, rows: 12, deadline: 10)
        #expect(describe(queue.next(at: at(5)).batch) == ["large[0..<8]…"])
        let next = queue.next(at: at(10))
        #expect(next.batch == nil && next.expired == ["large"])
        #expect(queue.isEmpty && queue.waitingRows == 0)
    }

    /// What is taken back gives its room up, also where some of its rows have run.
    @Test func whatIsTakenBackMakesRoom() throws {
        var queue = queue(rows: 20, bytes: 100)
        try admit("large", to: &queue, for: a, rows: 15, bytes: 40)
        try admit("small", to: &queue, for: a, rows: 2, bytes: 10)
        #expect(describe(queue.next(at: at(0)).batch) == ["small[0..<2]", "large[0..<6]…"])
        #expect(queue.waitingRows == 9 && queue.waitingBytes == 40)
        #expect(queue.remove { $0 == "nobody" } == nil)
        #expect(queue.remove { $0 == "large" } == "large")
        #expect(queue.waitingRows == 0 && queue.waitingBytes == 0 && queue.isEmpty)
        #expect(queue.next(at: at(0)).batch == nil)
    }

    /// Whatever is admitted comes out exactly once: every row in one portion, or the request among the expired or those
    /// taken back.
    @Test func losesAndDoublesNothing() throws {
        var random = SplitMix(state: 3)
        for _ in 0..<200 {
            var queue = queue(batch: Int.random(in: 1...9, using: &random), rows: 40, bytes: 300)
            var waiting: [String: Int] = [:]
            var now = 1
            for step in 0..<60 {
                now += Int.random(in: 0...3, using: &random)
                let key = Bool.random(using: &random) ? a : b
                let rows = Int.random(in: 1...25, using: &random)
                let deadline = Bool.random(using: &random) ? nil : now + Int.random(in: 1...9, using: &random)
                do {
                    try admit("r\(step)", to: &queue, for: key, rows: rows, bytes: rows, deadline: deadline, now: now)
                    waiting["r\(step)"] = rows
                } catch {
                    #expect(queue.waitingRows + rows > 40 || queue.waitingBytes + rows > 100)
                }
                // Those whose time is over are on their way out already.
                if step.isMultiple(of: 7), let victim = waiting.keys.sorted().randomElement(using: &random),
                    queue.remove(where: { $0 == victim }) == victim
                {
                    waiting[victim] = nil
                }
                if Bool.random(using: &random) { take(queue.next(at: at(now)), from: &waiting, limits: queue.limits) }
            }
            while !queue.isEmpty { take(queue.next(at: at(now)), from: &waiting, limits: queue.limits) }
            #expect(waiting.isEmpty && queue.waitingRows == 0 && queue.waitingBytes == 0)
        }
    }

    private func take(
        _ next: (batch: BatchQueue<String>.Batch?, expired: [String]), from waiting: inout [String: Int],
        limits: ServingLimits
    ) {
        for request in next.expired { #expect(waiting.removeValue(forKey: request) != nil) }
        guard let batch = next.batch else { return }
        #expect((1...limits.maximumBatchRows).contains(batch.rows))
        for portion in batch.portions {
            waiting[portion.request]! -= portion.rows.count
            #expect((waiting[portion.request] == 0) == portion.isLast)
            if portion.isLast { waiting[portion.request] = nil }
        }
    }
}
