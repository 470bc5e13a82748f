import Datasets
import Testing

@Suite struct SampleOrderTests {
    @Test(arguments: [0, 1, 2, 3, 4, 5, 16, 17, 63, 64, 65, 1000, 1024, 1025, 4097])
    func isAPermutation(count: Int) {
        for epoch in 0..<3 {
            let order = SamplePermutation(count: count, seed: 7, epoch: epoch, stream: SampleOrder.trainingStream)
            #expect(Set((0..<count).map { order[$0] }) == Set(0..<count))
        }
    }

    /// Written down so that a change of the order, and with it of every result, cannot go unnoticed.
    @Test func theOrderNeverChanges() {
        let order = (0..<10).map { SampleOrder.permuted($0, of: 10, seed: 7, epoch: 0, stream: 0) }
        #expect(order == [8, 5, 3, 2, 6, 7, 9, 0, 4, 1])
        let large = SampleOrder.permuted(
            123_456, of: 1_000_000, seed: 42, epoch: 9, stream: SampleOrder.shardStream(slice: 3))
        #expect(large == 11975)
    }

    @Test func seedEpochAndStreamAllMatter() {
        func order(seed: UInt64, epoch: Int, stream: UInt64) -> [Int] {
            (0..<100).map { SampleOrder.permuted($0, of: 100, seed: seed, epoch: epoch, stream: stream) }
        }
        let orders = [
            order(seed: 0, epoch: 0, stream: 0), order(seed: 1, epoch: 0, stream: 0),
            order(seed: 0, epoch: 1, stream: 0), order(seed: 0, epoch: 0, stream: 1),
            order(seed: .max, epoch: 0, stream: 0),
        ]
        #expect(Set(orders).count == orders.count)
    }

    /// Each of eight rows should come to each of eight places equally often: chi-squared with 49 degrees of freedom
    /// stays below 85.4 with a probability of 0.999.
    @Test func smallPermutationsAreEven() {
        let draws = 4000
        var counts = [Int](repeating: 0, count: 64)
        for epoch in 0..<draws {
            let order = SamplePermutation(count: 8, seed: 3, epoch: epoch, stream: 0)
            for index in 0..<8 { counts[index * 8 + order[index]] += 1 }
        }
        let expected = Double(draws) / 8
        let statistic = counts.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
        #expect(statistic < 85.4)
    }
}
