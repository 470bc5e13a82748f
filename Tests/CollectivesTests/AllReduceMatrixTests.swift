import Collectives
import CollectivesTestKit
import Tensors
import Testing

/// Every algorithm over messages that arrive in any order, with tiny segments.
@Suite struct AllReduceMatrixTests {
    static let algorithms: [AllReduce.Algorithm] = [.exchange, .direct, .ring, .halvingDoubling]

    /// Two sums back to back, unaligned, the second in place.
    static func outcomes(
        _ algorithm: AllReduce.Algorithm, ranks: Int, count: Int, seed: UInt64, wire: WireFormat = .f32
    ) async -> [Result<[[UInt32]], any Error>] {
        let offset = 3
        return await Ensemble(ranks: ranks, slices: ranks, tuning: Numbers.tuning, seed: seed).run { group in
            let input = Numbers.buffer(count, offset: offset) { Numbers.value(slice: group.rank, index: $0) }
            let output = FloatBuffer(count: offset + count)
            try group.allReduce(
                "first", [input], into: output, offset: offset, count: count, algorithm: algorithm, wire: wire)
            let whole = Numbers.buffer(count, offset: offset) { Numbers.whole(rank: group.rank, index: $0) }
            try group.allReduce(
                "second", [whole], into: whole, offset: offset, count: count, algorithm: algorithm, wire: wire)
            return [Numbers.bits(output, offset..<offset + count), Numbers.bits(whole, offset..<offset + count)]
        }
    }

    /// What must come out to the bit: every algorithm with its own brackets, one element at a time.
    static func reference(_ algorithm: AllReduce.Algorithm, ranks: Int, count: Int) -> [UInt32] {
        let shares = Ranges.shares(of: 0..<count, ranks: ranks)
        return (0..<count).map { index in
            func value(_ rank: Int) -> Float { Numbers.value(slice: rank % ranks, index: index) }
            switch algorithm {
            case .ring:
                // The range that ends at a rank has begun at the next.
                let last = shares.firstIndex { $0.contains(index) }!
                return (1..<ranks).reduce(value(last + 1)) { $0 + value(last + 1 + $1) }.bitPattern
            case .halvingDoubling:
                var power = 1
                while 2 * power <= ranks { power *= 2 }
                var sums = (0..<power).map { $0 + power < ranks ? value($0) + value($0 + power) : value($0) }
                while sums.count > 1 {
                    sums = stride(from: 0, to: sums.count, by: 2).map { sums[$0] + sums[$0 + 1] }
                }
                return sums[0].bitPattern
            default: return Numbers.sum(0..<ranks, index: index).bitPattern
            }
        }
    }

    @Test(arguments: algorithms, 1...16)
    func sumsAreExactAndTheSameEverywhere(algorithm: AllReduce.Algorithm, ranks: Int) async throws {
        for count in Numbers.counts {
            let first = try await Self.outcomes(algorithm, ranks: ranks, count: count, seed: 1).map { try $0.get() }
            let sums = Self.reference(algorithm, ranks: ranks, count: count)
            let exact = (0..<count).map { Numbers.wholeSum(ranks: ranks, index: $0).bitPattern }
            // One word each: a list of what differs would be as long as the vectors.
            let areRight = first.map { $0 == [sums, exact] }
            #expect(!areRight.contains(false), "\(algorithm) of \(count) on \(ranks)")
            let again = try await Self.outcomes(algorithm, ranks: ranks, count: count, seed: 99).map { try $0.get() }
            let isSame = again == first
            #expect(isSame, "another order of arrival gave other bytes")
        }
    }

    /// Eight bits of precision for each number that travels, and still the same bytes everywhere.
    @Test(arguments: algorithms, [2, 3, 4, 7, 8])
    func halfTheBytesOnTheWire(algorithm: AllReduce.Algorithm, ranks: Int) async throws {
        for count in [1, 100, 1000] {
            let outcomes = try await Self.outcomes(algorithm, ranks: ranks, count: count, seed: 5, wire: .bf16)
                .map { try $0.get() }
            for outcome in outcomes {
                #expect(outcome == outcomes[0])
                for index in 0..<count {
                    let sum = Numbers.sum(0..<ranks, index: index)
                    let got = Float(bitPattern: outcome[0][index])
                    // Half a unit in the last of 8 places for each of the roundings on the way.
                    #expect(abs(got - sum) <= sum * Float(ranks + 1) / 256, "\(algorithm) on \(ranks)")
                }
            }
        }
    }

    /// Slices that are not one a rank: several parts a rank, and ranks without any.
    @Test(arguments: [AllReduce.Algorithm.exchange, .direct], [2, 3, 4, 5])
    func anyShareOfTheSlicesGivesTheSameBytes(algorithm: AllReduce.Algorithm, ranks: Int) async throws {
        for slices in [ranks, ranks + 1, 2 * ranks, 16] {
            let count = 1000
            let outcomes = await Ensemble(ranks: ranks, slices: slices, tuning: Numbers.tuning, seed: 3).run { group in
                let parts = group.tree.cover(of: group.mine).map { node in
                    Numbers.buffer(count) { Numbers.sum(node, index: $0) }
                }
                let output = FloatBuffer(count: count)
                try group.allReduce("test", parts, into: output, count: count, algorithm: algorithm)
                return Numbers.bits(output, 0..<count)
            }
            let expected = (0..<count).map { Numbers.sum(0..<slices, index: $0).bitPattern }
            for outcome in outcomes { #expect(try outcome.get() == expected) }
        }
    }

    @Test func severalMayBeUnderWayAtOnce() async throws {
        let ranges = [60..<100, 17..<60, 0..<17]
        let outcomes = await Ensemble(ranks: 4, slices: 4).run { group in
            let input = Numbers.buffer(100) { Numbers.value(slice: group.rank, index: $0) }
            let output = FloatBuffer(count: 100)
            let operations = ranges.map { range in
                CollectiveOperation(
                    group.prepareAllReduce("test", count: range.count), in: group,
                    CollectiveBuffers(inputs: [input], output: output, offset: range.lowerBound))
            }
            for operation in operations { try operation.start() }
            for operation in operations.reversed() { _ = try operation.advance(waiting: true) }
            return Numbers.bits(output, 0..<100)
        }
        let expected = (0..<100).map { Numbers.sum(0..<4, index: $0).bitPattern }
        for outcome in outcomes { #expect(try outcome.get() == expected) }
    }
}
