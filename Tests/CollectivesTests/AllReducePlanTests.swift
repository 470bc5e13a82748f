import Testing

@testable import Collectives

@Suite struct AllReducePlanTests {
    func plans(ranks: Int, slices: Int, count: Int, _ algorithm: AllReducePlan.Algorithm) -> [AllReducePlan] {
        let tree = SliceTree(slices: slices)
        let shares = tree.shares(ranks: ranks)
        return (0..<ranks).map {
            AllReducePlan(rank: $0, shares: shares, tree: tree, count: count, algorithm: algorithm)
        }
    }

    /// Every frame that one rank sends is expected by exactly the rank it is sent to, in both phases.
    @Test(arguments: [AllReducePlan.Algorithm.exchange, .direct], 1...9)
    func sendsAndReceivesMatch(algorithm: AllReducePlan.Algorithm, ranks: Int) {
        for (slices, count) in [(ranks, 1000), (ranks + 3, 7), (2 * ranks, 100_003)] {
            let plans = plans(ranks: ranks, slices: slices, count: count, algorithm)
            for phase in [\AllReducePlan.partialSends, \.resultSends] {
                let receives = phase == \.partialSends ? \AllReducePlan.partialReceives : \.resultReceives
                let sent = plans.enumerated().flatMap { rank, plan in
                    plan[keyPath: phase].map {
                        [rank, $0.peer, $0.segment, $0.slices.lowerBound, $0.elements.lowerBound]
                    }
                }
                let expected = plans.enumerated().flatMap { rank, plan in
                    plan[keyPath: receives].map {
                        [$0.peer, rank, $0.segment, $0.slices.lowerBound, $0.elements.lowerBound]
                    }
                }
                #expect(Set(sent) == Set(expected))
                #expect(sent.count == expected.count)
            }
        }
    }

    /// The classical counts for slices = ranks: (p-1) n floats and p-1 messages for the exchange; at most
    /// 2 (p-1)/p n, rounded up to whole segments, and 2 (p-1) messages for direct reduce-scatter and all-gather.
    @Test(arguments: 2...8)
    func movesNoMoreThanTheory(ranks: Int) {
        let count = 16 * ranks * 100
        for plan in plans(ranks: ranks, slices: ranks, count: count, .exchange) {
            #expect(plan.partialSends.count == ranks - 1)
            #expect(plan.partialSends.map(\.elements.count).reduce(0, +) == (ranks - 1) * count)
        }
        for plan in plans(ranks: ranks, slices: ranks, count: count, .direct) {
            let transfers = plan.partialSends + plan.resultSends
            #expect(transfers.count == 2 * (ranks - 1))
            #expect(transfers.map(\.elements.count).reduce(0, +) == 2 * (ranks - 1) * count / ranks)
        }
    }

    @Test(arguments: [0, 1, 15, 16, 17, 1000], 1...9)
    func segmentsAreTheWholeRangeInOrder(count: Int, ranks: Int) {
        let segments = AllReducePlan.segments(count: count, ranks: ranks, alignment: 16)
        #expect(segments.flatMap { Array($0) } == Array(0..<count))
        #expect(segments.allSatisfy { $0.isEmpty || $0.lowerBound.isMultiple(of: 16) })
    }
}
