import Datasets

/// Which batches make up each update, and in which pieces a slice of them is computed.
struct UpdatePlan: Sendable {
    let batches: BatchSlices
    /// Batches of one update.
    let accumulation: Int
    /// The most rows that are computed at once.
    let maximumRows: Int

    /// A batch of all rows is computed in pieces of this many rows, so that it takes no more memory than others.
    static let pieceRows = 1024

    init(_ specification: TrainSpecification, rows: Int) {
        batches = BatchSlices(
            batchSize: specification.batchSize ?? max(rows, 1), slices: specification.slices, rows: rows)
        accumulation = specification.accumulation
        let widest = (0..<specification.slices).map { [batches] in batches.offsets(ofSlice: $0).count }.max()!
        maximumRows = max(1, specification.batchSize == nil ? min(widest, Self.pieceRows) : widest)
    }

    /// Updates of one epoch; the last one may have fewer batches.
    var updates: Int { (batches.steps + accumulation - 1) / accumulation }

    func batches(ofUpdate update: Int) -> Range<Int> {
        update * accumulation..<min((update + 1) * accumulation, batches.steps)
    }

    /// Training rows of the whole update.
    func rows(ofUpdate update: Int) -> Int {
        batches(ofUpdate: update).reduce(0) { $0 + batches.rows(ofStep: $1) }
    }

    /// A run of rows of one slice of one batch.
    struct Piece: Equatable {
        var batch: Int
        /// Places in the slice's shard.
        var places: Range<Int>
        /// Of the first row, within the batch.
        var firstRow: Int
    }

    /// What a slice computes for an update, in order.
    func pieces(ofSlice slice: Int, update: Int) -> [Piece] {
        batches(ofUpdate: update).flatMap { batch in
            let places = batches.shardPlaces(ofSlice: slice, step: batch)
            return stride(from: places.lowerBound, to: places.upperBound, by: maximumRows).map { first in
                Piece(
                    batch: batch, places: first..<min(first + maximumRows, places.upperBound),
                    firstRow: batches.offsets(ofSlice: slice).lowerBound + first - places.lowerBound)
            }
        }
    }
}
