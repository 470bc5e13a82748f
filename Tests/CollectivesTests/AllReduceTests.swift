import CollectivesTestKit
import Foundation
import Messaging
import Tensors
import Testing
import Wire

@testable import Collectives

@Suite struct AllReduceTests {
    /// The gradient of one slice: fractions whose sum depends on the order of addition.
    static func value(slice: Int, index: Int) -> Float {
        Float(slice * 31 + index % 97 + 1) / 7 * (index.isMultiple(of: 2) ? 1 : 1e-3)
    }

    /// The sum in the order of the tree, one element at a time.
    static func expected(_ node: Range<Int>, index: Int) -> Float {
        guard let (left, right) = SliceTree.children(of: node) else {
            return value(slice: node.lowerBound, index: index)
        }
        return expected(left, index: index) + expected(right, index: index)
    }

    /// This rank's partial sums, made by its own local program.
    static func parts(of group: ProcessGroup, count: Int) -> [AllReduce.Part] {
        group.tree.cover(of: group.mine).map { node in
            let buffer = FloatBuffer(count: count)
            for index in 0..<count { buffer.pointer[index] = expected(node, index: index) }
            return (node, buffer)
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 8], [AllReducePlan.Algorithm.exchange, .direct])
    func everyRankGetsTheSumOfTheTreeToTheBit(ranks: Int, algorithm: AllReducePlan.Algorithm) throws {
        for slices in [ranks, ranks + 1, 2 * ranks, 16] where slices >= ranks {
            for count in [1, 7, 16, 100, 1000] {
                let ensemble = Ensemble(ranks: ranks, slices: slices, seed: UInt64(count))
                let outcomes = ensemble.run { group in
                    let result = FloatBuffer(count: count)
                    let scratch = FloatBuffer(count: AllReduce.scratchCount(for: group.tree, count: count))
                    let operation = try AllReduce(
                        "test", in: group, range: 0..<count, parts: Self.parts(of: group, count: count), result: result,
                        scratch: scratch, algorithm: algorithm)
                    _ = try operation.advance(waiting: true)
                    return (0..<count).map { result.pointer[$0].bitPattern }
                }
                let expected = (0..<count).map { Self.expected(0..<slices, index: $0).bitPattern }
                for outcome in outcomes { #expect(try outcome.get() == expected) }
            }
        }
    }

    @Test func severalMayBeUnderWayAtOnce() throws {
        let ensemble = Ensemble(ranks: 4, slices: 4)
        let ranges = [60..<100, 17..<60, 0..<17]
        let outcomes = ensemble.run { group in
            let parts = Self.parts(of: group, count: 100)
            let result = FloatBuffer(count: 100)
            let scratch = FloatBuffer(count: AllReduce.scratchCount(for: group.tree, count: 100))
            let operations = try ranges.map {
                try AllReduce("test", in: group, range: $0, parts: parts, result: result, scratch: scratch)
            }
            for operation in operations.reversed() { _ = try operation.advance(waiting: true) }
            return (0..<100).map { result.pointer[$0].bitPattern }
        }
        let expected = (0..<100).map { Self.expected(0..<4, index: $0).bitPattern }
        for outcome in outcomes { #expect(try outcome.get() == expected) }
    }

    @Test func gatherKeepsRankOrderAndLengths() throws {
        let outcomes = Ensemble(ranks: 3, slices: 3).run { group in
            try (0..<5).map { round in
                try group.allGather([UInt8](repeating: UInt8(group.rank), count: group.rank + round), named: "test")
            }
        }
        for outcome in outcomes {
            for (round, gathered) in try outcome.get().enumerated() {
                #expect(gathered == (0..<3).map { [UInt8](repeating: UInt8($0), count: $0 + round) })
            }
        }
    }

    @Test func unlikeLengthsEndInAnErrorThatNamesTheRank() throws {
        let outcomes = Ensemble(ranks: 2, slices: 2).run { group in
            let count = group.rank == 0 ? 10 : 11
            let operation = try AllReduce(
                "test", in: group, range: 0..<count, parts: Self.parts(of: group, count: count),
                result: FloatBuffer(count: count),
                scratch: FloatBuffer(count: AllReduce.scratchCount(for: group.tree, count: count)))
            _ = try operation.advance(waiting: true)
        }
        for (rank, outcome) in outcomes.enumerated() {
            #expect(
                throws: CollectiveError.mismatch(
                    operation: "all-reduce of test", peer: "rank \(1 - rank) (worker-\(1 - rank))")
            ) {
                try outcome.get()
            }
        }
    }

    @Test func silenceEndsInAnErrorThatNamesWhoIsMissing() throws {
        var tuning = Tuning()
        tuning.timeout = .milliseconds(100)
        let ensemble = Ensemble(ranks: 3, slices: 3, tuning: tuning) { segment, _ in segment.sender == 2 }
        let outcomes = ensemble.run { try $0.allGather([], named: "test") }
        #expect(
            throws: CollectiveError.timedOut(
                operation: "all-gather of test", missing: ["rank 2 (worker-2)"], after: .milliseconds(100))
        ) { try outcomes[0].get() }
        #expect(try outcomes[2].get().count == 3)
    }

    @Test func anAbortWakesWhoWaits() throws {
        let ensemble = Ensemble(ranks: 2, slices: 2) { segment, _ in segment.sender == 1 }
        let outcomes = ensemble.run { group -> [[UInt8]] in
            if group.rank == 1 {
                ensemble.groups[0].abort("worker-1 died")
                return []
            }
            return try group.allGather([], named: "test")
        }
        #expect(throws: CollectiveError.aborted(reason: "worker-1 died")) { try outcomes[0].get() }
    }

    @Test func aPeerFarAheadFailsTheGroupInsteadOfFillingMemory() throws {
        var tuning = Tuning()
        tuning.inboxBytes = 10
        tuning.timeout = .seconds(5)
        let ensemble = Ensemble(ranks: 2, slices: 2, tuning: tuning)
        let segment = TensorSegment(
            group: 7, operation: 9, phase: 0, segment: 0, sender: 1, signature: 0, part: 0)
        ensemble.groups[0].deliver(segment, Frame(copying: [UInt8](repeating: 0, count: 11)))
        #expect(throws: CollectiveError.inboxFull(peer: "worker-1", limit: 10)) { try ensemble.groups[0].check() }
    }
}
