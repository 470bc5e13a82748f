/// Where a run stands: enough, with the parameters and the optimizer's moments, to go on as if nothing had happened.
public struct TrainingProgress: Codable, Sendable, Equatable {
    /// Epochs completed.
    public var epoch: Int
    /// Optimizer updates done.
    public var step: Int
    /// The lowest monitored loss so far, and the epoch (counted from 1) that reached it.
    public var bestLoss: Double?
    public var bestEpoch: Int

    public init(epoch: Int = 0, step: Int = 0, bestLoss: Double? = nil, bestEpoch: Int = 0) {
        self.epoch = epoch
        self.step = step
        self.bestLoss = bestLoss
        self.bestEpoch = bestEpoch
    }
}
