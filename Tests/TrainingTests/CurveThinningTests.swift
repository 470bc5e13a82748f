import Testing

@testable import Training

@Suite struct CurveThinningTests {
    /// A loss that falls and rises again, the lowest in epoch `best`.
    private func curve(_ epochs: Int, best: Int) -> [EpochRecord] {
        (1...epochs).map {
            EpochRecord(
                epoch: $0, step: 2 * $0, trainingLoss: 1 + Double(abs($0 - best)), seconds: 1, elapsed: Double($0))
        }
    }

    @Test func aShortCurveIsKeptWhole() {
        let short = curve(512, best: 3)
        #expect(short.thinned() == short)
        #expect([EpochRecord]().thinned().isEmpty)
    }

    @Test(arguments: [513, 1000, 1024, 1025, 30_000, 1 << 17])
    func aLongCurveKeepsTheFirstTheLastTwoAndTheBest(epochs: Int) {
        let best = epochs / 3 + 1
        let kept = curve(epochs, best: best).thinned()
        #expect(kept.count <= 512 + 3)
        #expect(kept.count > 128)
        #expect(kept.first?.epoch == 1)
        #expect(kept.suffix(2).map(\.epoch) == [epochs - 1, epochs])
        #expect(kept.contains { $0.epoch == best })
        let epochsKept = kept.map(\.epoch)
        #expect(epochsKept == epochsKept.sorted() && Set(epochsKept).count == epochsKept.count)
    }

    @Test func whatIsKeptDoesNotDependOnWhenItWasThinned() {
        let whole = curve(5000, best: 1234)
        var growing: [EpochRecord] = []
        for (place, record) in whole.enumerated() {
            growing.append(record)
            if place.isMultiple(of: 97) || growing.count > 1024 { growing = growing.thinned() }
            if place % 1111 == 0 { #expect(growing.thinned() == Array(whole[...place]).thinned()) }
        }
        #expect(growing.thinned() == whole.thinned())
    }

    @Test func lossesThatAreNoNumbersAreNeverTheBest() {
        var records = curve(2000, best: 700)
        records[100].trainingLoss = .nan
        #expect(records.thinned().contains { $0.epoch == 700 })
        for index in records.indices { records[index].trainingLoss = .nan }
        #expect(records.thinned().last?.epoch == 2000)
    }

    @Test func aCurveGoesOnFromAnEarlierEpoch() {
        let before = curve(10, best: 5)
        let after = Array(curve(12, best: 6)[7...])
        let joined = before.continued(by: after)
        #expect(joined.map(\.epoch) == Array(1...12))
        #expect(Array(joined[7...]) == after)
        #expect(before.continued(by: []) == before)
    }

    @Test func timeIsKnownFromTheLastEpochThatIsKept() {
        let kept = curve(30_000, best: 7).thinned()
        #expect(StopRule.seconds(of: kept) == 30_000)
        // Records of an earlier version do not say it, but are all there.
        #expect(StopRule.seconds(of: [EpochRecord(epoch: 1, step: 1, trainingLoss: 1, seconds: 2)]) == 2)
    }
}
