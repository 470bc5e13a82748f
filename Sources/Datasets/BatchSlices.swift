import Partitions

/// How each global batch is cut into slices, and which rows that puts into which shard.
///
/// The row at place i of the training order has offset `i % batchSize` in its batch; slice s owns the s-th part
/// of the offsets. So the samples of a step, and of each slice of it,
/// never depend on the number of workers.
public struct BatchSlices: Sendable, Equatable {
    public let batchSize: Int
    public let slices: Int
    /// Training rows.
    public let rows: Int

    public init(batchSize: Int, slices: Int, rows: Int) {
        precondition(batchSize >= 1 && slices >= 1 && rows >= 0)
        self.batchSize = batchSize
        self.slices = slices
        self.rows = rows
    }

    /// Steps of one epoch; the last batch may be short.
    public var steps: Int { (rows + batchSize - 1) / batchSize }

    /// Offsets within a batch that the slice owns.
    public func offsets(ofSlice slice: Int) -> Range<Int> {
        (0..<batchSize).part(slice, of: slices)
    }

    /// Rows of the slice's shard.
    public func shardRows(ofSlice slice: Int) -> Int {
        let offsets = offsets(ofSlice: slice)
        let tail = rows % batchSize
        return rows / batchSize * offsets.count + min(max(tail - offsets.lowerBound, 0), offsets.count)
    }

    /// Which of the slice's rows, in its order of the epoch, step `step` (from 0) takes; fewer, or none, in a short
    /// last batch.
    public func shardPlaces(ofSlice slice: Int, step: Int) -> Range<Int> {
        let width = offsets(ofSlice: slice).count
        let end = shardRows(ofSlice: slice)
        return min(step * width, end)..<min((step + 1) * width, end)
    }

    /// Rows of the whole batch of step `step`.
    public func rows(ofStep step: Int) -> Int {
        max(0, min(batchSize, rows - step * batchSize))
    }
}
