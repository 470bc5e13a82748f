public import NeuralNetworks

/// Where a run stands: enough, with the parameters and the optimizer's moments, to go on as if nothing had happened.
public struct TrainingProgress: Codable, Sendable, Equatable {
    /// Epochs completed.
    public var epoch: Int
    /// Steps done: optimizer updates, and those that the spike guard passed over.
    public var step: Int
    /// The lowest monitored loss so far, and the epoch (counted from 1) that reached it.
    public var bestLoss: Double?
    public var bestEpoch: Int
    /// What `reduce_on_plateau` has made of the learning rate; nil: not in use, or nothing yet.
    public var plateau: PlateauState?
    /// What the spike guard knows; nil: not in use, or nothing yet.
    public var spikes: SpikeState?

    public init(
        epoch: Int = 0, step: Int = 0, bestLoss: Double? = nil, bestEpoch: Int = 0, plateau: PlateauState? = nil,
        spikes: SpikeState? = nil
    ) {
        self.epoch = epoch
        self.step = step
        self.bestLoss = bestLoss
        self.bestEpoch = bestEpoch
        self.plateau = plateau
        self.spikes = spikes
    }
}
