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

/// One point of the loss curve.
public struct EpochRecord: Codable, Sendable, Equatable {
    /// Counted from 1.
    public var epoch: Int
    public var step: Int
    /// Mean over all training rows of the epoch, each measured before its step's update.
    public var trainingLoss: Double
    /// Nil where the split has no validation part.
    public var validationLoss: Double?
    /// Wall-clock time of the epoch's steps.
    public var seconds: Double

    public init(epoch: Int, step: Int, trainingLoss: Double, validationLoss: Double? = nil, seconds: Double = 0) {
        self.epoch = epoch
        self.step = step
        self.trainingLoss = trainingLoss
        self.validationLoss = validationLoss
        self.seconds = seconds
    }
}
