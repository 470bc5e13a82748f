import Datasets
import Testing

@Suite struct BatchSlicesTests {
    /// Every row of every batch is in exactly one slice, and the shards' sizes add up, for odd sizes too.
    @Test(arguments: [(1, 1, 5), (10, 4, 103), (64, 4, 1438), (7, 7, 20), (8, 3, 8), (5, 2, 4), (6, 4, 0)])
    func slicesCoverEachBatchOnce(batchSize: Int, slices: Int, rows: Int) {
        let batches = BatchSlices(batchSize: batchSize, slices: slices, rows: rows)
        #expect((0..<slices).flatMap { Array(batches.offsets(ofSlice: $0)) } == Array(0..<batchSize))
        #expect((0..<slices).reduce(0) { $0 + batches.shardRows(ofSlice: $1) } == rows)
        var taken = [Int](repeating: 0, count: slices)
        for step in 0..<batches.steps {
            let places = (0..<slices).map { batches.shardPlaces(ofSlice: $0, step: step) }
            #expect(places.reduce(0) { $0 + $1.count } == batches.rows(ofStep: step))
            for (slice, range) in places.enumerated() where !range.isEmpty {
                #expect(range.lowerBound == taken[slice])
                taken[slice] = range.upperBound
            }
        }
        #expect(taken == (0..<slices).map { batches.shardRows(ofSlice: $0) })
        let shards = (0..<slices).map { Array(batches.places(ofSlice: $0)) }
        #expect(shards.map(\.count) == taken)
        #expect(shards.joined().sorted() == Array(0..<rows))
        for (slice, places) in shards.enumerated() {
            #expect(places == places.sorted())
            #expect(places.allSatisfy { batches.offsets(ofSlice: slice).contains($0 % batchSize) })
        }
    }

    @Test func aShortLastBatchFillsTheFirstSlices() {
        let batches = BatchSlices(batchSize: 10, slices: 4, rows: 13)
        #expect((0..<4).map { batches.shardRows(ofSlice: $0) } == [4, 4, 2, 3])
        #expect((0..<4).map { batches.shardPlaces(ofSlice: $0, step: 1).count } == [2, 1, 0, 0])
        #expect(batches.steps == 2)
        #expect(
            (0..<4).map { Array(batches.places(ofSlice: $0)) } == [
                [0, 1, 10, 11], [2, 3, 4, 12], [5, 6], [7, 8, 9],
            ])
    }

    @Test(arguments: [(1, 0), (4, 3), (4, 8), (3, 10)])
    func rowsThatAreNotInBatchesAreCutIntoEvenRuns(slices: Int, rows: Int) {
        let shares = (0..<slices).map { BatchSlices.share(ofSlice: $0, of: slices, rows: rows) }
        #expect(shares.flatMap { Array($0) } == Array(0..<rows))
        #expect(shares.allSatisfy { $0.count == rows / slices || $0.count == (rows + slices - 1) / slices })
    }
}
