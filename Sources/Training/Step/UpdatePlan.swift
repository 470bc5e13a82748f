import Datasets
import Tensors

/// Which batches make up each update, and in which pieces a slice of them is computed.
struct UpdatePlan: Sendable {
    let batches: BatchSlices
    /// Batches of one update.
    let accumulation: Int
    /// The most rows that are computed at once.
    let maximumRows: Int

    /// A batch of all rows is computed in pieces of this many rows, so that it takes no more memory than others; and
    /// where a batch is larger than all rows, there is not much more room than for those that there are.
    static let pieceRows = 1024

    init(_ specification: TrainSpecification, rows: Int) {
        batches = BatchSlices(
            batchSize: specification.batchSize ?? max(rows, 1), slices: specification.slices, rows: rows)
        accumulation = specification.accumulation
        let widths = (0..<specification.slices).map { [batches] in batches.offsets(ofSlice: $0).count }
        let widest = widths.max() ?? 1
        let limit = specification.batchSize == nil ? Self.pieceRows : max(rows, Self.pieceRows)
        maximumRows = max(1, min(widest, limit))
    }

    /// Updates of one epoch; the last one may have fewer batches.
    var updates: Int { batches.steps / accumulation + (batches.steps % accumulation > 0 ? 1 : 0) }

    /// Those of an update from 0 to below `updates`.
    func batches(ofUpdate update: Int) -> Range<Int> {
        let first = update * accumulation
        return first..<first + min(accumulation, batches.steps - first)
    }

    /// Updates of so many epochs, or until so many steps are done.
    func updates(epochs: Int, steps: Int?) -> Int {
        min(epochs.saturatingProduct(updates), steps ?? .max)
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
    func pieces(ofSlice slice: Int, update: Int) -> Pieces {
        Pieces(plan: self, slice: slice, batches: batches(ofUpdate: update))
    }

    /// Made one by one, so that a step allocates nothing.
    struct Pieces: Sequence, IteratorProtocol {
        fileprivate let plan: UpdatePlan
        fileprivate let slice: Int
        /// Those of the update that have not been begun.
        fileprivate var batches: Range<Int>
        private var batch = 0
        /// Places of the batch that are left, and where they began.
        private var places = 0..<0
        private var first = 0

        fileprivate init(plan: UpdatePlan, slice: Int, batches: Range<Int>) {
            self.plan = plan
            self.slice = slice
            self.batches = batches
        }

        mutating func next() -> Piece? {
            while places.isEmpty {
                guard let next = batches.popFirst() else { return nil }
                batch = next
                places = plan.batches.shardPlaces(ofSlice: slice, step: batch)
                first = places.lowerBound
            }
            let end = Swift.min(places.lowerBound + plan.maximumRows, places.upperBound)
            defer { places = end..<places.upperBound }
            return Piece(
                batch: batch, places: places.lowerBound..<end,
                firstRow: plan.batches.offsets(ofSlice: slice).lowerBound + places.lowerBound - first)
        }
    }
}
