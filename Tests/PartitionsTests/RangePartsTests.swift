import Partitions
import Testing

@Suite struct RangePartsTests {
    @Test(arguments: [0..<0, 0..<1, 0..<7, 3..<67, 5..<13]) func partsAreEvenAndTogetherTheWhole(range: Range<Int>) {
        for count in 1...9 {
            let parts = range.parts(count)
            #expect(parts.count == count)
            #expect(parts.flatMap { Array($0) } == Array(range))
            #expect(parts.map(\.count).max()! - parts.map(\.count).min()! <= 1)
            #expect(parts == (0..<count).map { range.part($0, of: count) })
        }
    }

    /// Shards on disk and checkpoints were made with these bounds.
    @Test func boundsAreRoundedDown() {
        #expect((0..<10).parts(4) == [0..<2, 2..<5, 5..<7, 7..<10])
        #expect((2..<4).parts(3) == [2..<2, 2..<3, 3..<4])
    }
}
