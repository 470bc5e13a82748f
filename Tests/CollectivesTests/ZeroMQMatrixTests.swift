import Collectives
import CollectivesTestKit
import Tensors
import Testing

/// The collectives over encrypted connections, one after the other without a barrier between.
@Suite(.serialized) struct ZeroMQMatrixTests {
    private static func tuning(streams: Int) -> Tuning {
        var tuning = Tuning()
        tuning.segmentBytes = 4 * 1600
        tuning.streams = streams
        tuning.timeout = .seconds(120)
        return tuning
    }

    /// Everything of one rank's results, in the order of the calls.
    private static func results(_ group: ProcessGroup) throws -> [[UInt32]] {
        var results: [[UInt32]] = []
        let offset = 3
        for count in Numbers.counts {
            let range = offset..<offset + count
            for algorithm in AllReduceMatrixTests.algorithms {
                let input = Numbers.buffer(count, offset: offset) { Numbers.value(slice: group.rank, index: $0) }
                let output = FloatBuffer(count: offset + count)
                try group.allReduce(
                    "first", [input], into: output, offset: offset, count: count, algorithm: algorithm)
                let whole = Numbers.buffer(count, offset: offset) { Numbers.whole(rank: group.rank, index: $0) }
                try group.allReduce(
                    "in place", [whole], into: whole, offset: offset, count: count, algorithm: algorithm)
                results += [Numbers.bits(output, range), Numbers.bits(whole, range)]
            }
            let vector = Numbers.buffer(count, offset: offset) { Numbers.whole(rank: group.rank, index: $0) }
            try group.reduceScatter("in place", [vector], into: vector, offset: offset, count: count)
            try group.allGather("in place", vector, into: vector, offset: offset, count: count)
            results.append(Numbers.bits(vector, range))
            try group.broadcast(
                "from the last", Numbers.buffer(count, offset: offset) { Numbers.whole(rank: group.rank, index: $0) },
                into: vector, offset: offset, count: count, root: group.size - 1)
            results.append(Numbers.bits(vector, range))
        }
        return results
    }

    private static func expected(ranks: Int) -> [[UInt32]] {
        Numbers.counts.flatMap { count in
            let whole = (0..<count).map { Numbers.wholeSum(ranks: ranks, index: $0).bitPattern }
            let last = (0..<count).map { Numbers.whole(rank: ranks - 1, index: $0).bitPattern }
            return AllReduceMatrixTests.algorithms.flatMap { algorithm in
                [AllReduceMatrixTests.reference(algorithm, ranks: ranks, count: count), whole]
            } + [whole, last]
        }
    }

    @Test(arguments: 1...16)
    func resultsAreThoseOfTheReference(ranks: Int) async throws {
        let mesh = try Mesh(ranks: ranks, tuning: Self.tuning(streams: 1))
        let expected = Self.expected(ranks: ranks)
        let outcomes = await mesh.ensemble.run { try Self.results($0) }
        let areRight = try outcomes.map { try $0.get() == expected }
        #expect(!areRight.contains(false))
        await mesh.close()
    }

    /// Frames then overtake each other.
    @Test func severalStreamsGiveTheSameBytes() async throws {
        let mesh = try Mesh(ranks: 3, tuning: Self.tuning(streams: 3))
        let expected = Self.expected(ranks: 3)
        let outcomes = await mesh.ensemble.run { try Self.results($0) }
        let areRight = try outcomes.map { try $0.get() == expected }
        #expect(!areRight.contains(false))
        await mesh.close()
    }
}
