import Collectives
import CollectivesTestKit
import Tensors
import Testing

/// Reduce-scatter, all-gather, broadcast, barrier and all-to-all over messages.
@Suite struct OtherCollectivesTests {
    private func run(
        ranks: Int, seed: UInt64 = 1, _ body: @escaping @Sendable (ProcessGroup) throws -> [[UInt32]]
    ) async throws -> [[[UInt32]]] {
        let ensemble = Ensemble(ranks: ranks, slices: ranks, tuning: Numbers.tuning, seed: seed)
        return try await ensemble.run(body).map { try $0.get() }
    }

    @Test(arguments: 1...16)
    func reduceScatterLeavesEachRankItsShareOfTheSum(ranks: Int) async throws {
        for count in Numbers.counts {
            let shares = Ranges.shares(of: 0..<count, ranks: ranks)
            for inPlace in [false, true] {
                let outcomes = try await run(ranks: ranks) { group in
                    let input = Numbers.buffer(count, offset: 5) { Numbers.value(slice: group.rank, index: $0) }
                    let output = inPlace ? input : FloatBuffer(count: count + 5)
                    try group.reduceScatter("test", [input], into: output, offset: 5, count: count)
                    let share = shares[group.rank]
                    return [Numbers.bits(output, share.lowerBound + 5..<share.upperBound + 5)]
                }
                for (rank, outcome) in outcomes.enumerated() {
                    #expect(outcome[0] == shares[rank].map { Numbers.sum(0..<ranks, index: $0).bitPattern })
                }
            }
        }
    }

    @Test(arguments: 1...16)
    func allGatherPutsTheSharesTogether(ranks: Int) async throws {
        for count in Numbers.counts {
            let shares = Ranges.shares(of: 0..<count, ranks: ranks)
            for inPlace in [false, true] {
                let outcomes = try await run(ranks: ranks) { group in
                    let input = FloatBuffer(count: count + 5)
                    for index in shares[group.rank] { input.pointer[5 + index] = Float(index) }
                    let output = inPlace ? input : FloatBuffer(count: count + 5)
                    try group.allGather("test", input, into: output, offset: 5, count: count)
                    return [Numbers.bits(output, 5..<count + 5)]
                }
                let expected = (0..<count).map { Float($0).bitPattern }
                for outcome in outcomes { #expect(outcome[0] == expected) }
            }
        }
    }

    @Test(arguments: 1...16)
    func broadcastReachesEveryRankFromAnyRoot(ranks: Int) async throws {
        for count in Numbers.counts {
            let outcomes = try await run(ranks: ranks) { group in
                try (0..<min(ranks, 4)).map { root in
                    let root = root * ranks / min(ranks, 4)
                    let buffer = Numbers.buffer(count, offset: 1) { group.rank == root ? Float($0 + root) : -1 }
                    try group.broadcast("test", buffer, into: buffer, offset: 1, count: count, root: root)
                    return Numbers.bits(buffer, 1..<count + 1)
                }
            }
            for outcome in outcomes {
                for (index, bits) in outcome.enumerated() {
                    let root = index * ranks / min(ranks, 4)
                    #expect(bits == (0..<count).map { Float($0 + root).bitPattern })
                }
            }
        }
    }

    @Test(arguments: 1...16)
    func allToAllTransposes(ranks: Int) async throws {
        for block in [0, 1, 7, 100, 1000] {
            let outcomes = try await run(ranks: ranks) { group in
                let input = Numbers.buffer(ranks * block, offset: 2) { Float(group.rank * 100_000 + $0) }
                let output = FloatBuffer(count: ranks * block + 2)
                try group.allToAll("test", input, into: output, offset: 2, block: block)
                return [Numbers.bits(output, 2..<ranks * block + 2)]
            }
            for (rank, outcome) in outcomes.enumerated() {
                let expected = (0..<ranks).flatMap { sender in
                    (0..<block).map { Float(sender * 100_000 + rank * block + $0).bitPattern }
                }
                #expect(outcome[0] == expected)
            }
        }
    }

    @Test(arguments: 1...16)
    func nobodyLeavesABarrierBeforeTheLastHasCome(ranks: Int) async throws {
        let board = Board(ranks: ranks)
        let seen = try await run(ranks: ranks, seed: UInt64(ranks)) { group in
            try (1...5).map { round in
                board.come(group.rank, round)
                try group.barrier("test")
                return board.rounds().map { UInt32($0) }
            }
        }
        for outcome in seen {
            for (index, rounds) in outcome.enumerated() {
                #expect(rounds.allSatisfy { $0 >= UInt32(index + 1) })
            }
        }
    }

    @Test func gatherKeepsRankOrderAndLengths() async throws {
        let outcomes = await Ensemble(ranks: 3, slices: 3).run { group in
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

    /// Of which no frame is larger than may be sent.
    @Test func whatIsLongerThanAFrameIsGatheredInPieces() async throws {
        var tuning = Tuning()
        tuning.gatherBytes = 64
        let lengths = [0, 1, 64, 65, 1000]
        let ensemble = Ensemble(ranks: 5, slices: 5, tuning: tuning)
        let outcomes = await ensemble.run { group in
            let own = (0..<lengths[group.rank]).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ group.rank) }
            return (try group.allGather(own, named: "scores"), try group.allGather([9], named: "after"))
        }
        for outcome in outcomes {
            let (scores, after) = try outcome.get()
            #expect(scores.map(\.count) == lengths)
            for (rank, bytes) in scores.enumerated() {
                #expect(bytes == (0..<lengths[rank]).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ rank) })
            }
            #expect(after == Array(repeating: [9], count: 5))
        }
        // 1000 bytes in pieces of 64 are 16 rounds, in each of which every rank sends at most that to each other.
        for rank in 0..<5 {
            let (frames, bytes) = ensemble.sent(by: rank)
            #expect(frames == 17 * 4)
            #expect(bytes == 4 * (lengths[rank] + 1))
        }
    }
}
