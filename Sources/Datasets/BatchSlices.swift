/// How each global batch is cut into slices, and which rows that puts into which shard.
///
/// The row at place i of the training order has offset `i % batchSize` in its batch; slice s owns the offsets from
/// `s * batchSize / slices` up to `(s + 1) * batchSize / slices`. So the samples of a step, and of each slice of it,
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

    /// Which of so many rows a slice has, where they are cut into contiguous runs that are as even as can be.
    public static func share(ofSlice slice: Int, of slices: Int, rows: Int) -> Range<Int> {
        slice * rows / slices..<(slice + 1) * rows / slices
    }

    /// Offsets within a batch that the slice owns.
    public func offsets(ofSlice slice: Int) -> Range<Int> {
        Self.share(ofSlice: slice, of: slices, rows: batchSize)
    }

    /// Places in the training order whose rows are the slice's shard, in order.
    public func places(ofSlice slice: Int) -> some Sequence<Int> {
        stride(from: 0, to: rows, by: batchSize).lazy.flatMap { [offsets = offsets(ofSlice: slice), rows] start in
            min(start + offsets.lowerBound, rows)..<min(start + offsets.upperBound, rows)
        }
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
