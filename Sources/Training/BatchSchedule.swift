/// Which rows make up which slice of which step: a pure function of the sizes, whatever the number of workers.
///
/// Every batch of `batchSize` rows is cut into `slices` parts as even as can be, and slice s always draws from shard s
/// of the training rows. The last batch of an epoch takes the rows that are left, so every row is used exactly once an
/// epoch; some of its slices may be empty.
public struct BatchSchedule: Sendable, Equatable {
    public let trainingRows: Int
    public let batchSize: Int
    public let slices: Int

    public init(trainingRows: Int, batchSize: Int, slices: Int) {
        precondition(trainingRows > 0 && batchSize > 0 && slices > 0)
        self.trainingRows = trainingRows
        self.batchSize = batchSize
        self.slices = slices
    }

    public var stepsPerEpoch: Int { (trainingRows + batchSize - 1) / batchSize }

    /// Rows of a step over all slices: what the summed gradient is divided by.
    public func rows(inStep step: Int) -> Int {
        min(batchSize, trainingRows - step * batchSize)
    }

    /// Offsets within a full batch that belong to a slice.
    public func offsets(ofSlice slice: Int) -> Range<Int> {
        slice * batchSize / slices..<(slice + 1) * batchSize / slices
    }

    public func rows(inStep step: Int, slice: Int) -> Int {
        let offsets = offsets(ofSlice: slice)
        return max(0, min(rows(inStep: step), offsets.upperBound) - offsets.lowerBound)
    }

    /// Where a step's rows begin in the epoch's order of the slice's shard.
    public func firstPosition(inStep step: Int, slice: Int) -> Int {
        step * offsets(ofSlice: slice).count
    }

    /// Rows of the shard behind a slice.
    public func shardRows(ofSlice slice: Int) -> Int {
        let fullSteps = trainingRows / batchSize
        let rest = fullSteps < stepsPerEpoch ? rows(inStep: fullSteps, slice: slice) : 0
        return fullSteps * offsets(ofSlice: slice).count + rest
    }

    /// The most rows any slice has in one step.
    public var largestSlice: Int {
        (0..<slices).map { offsets(ofSlice: $0).count }.max()!
    }
}
