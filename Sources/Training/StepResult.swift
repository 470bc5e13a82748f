import NeuralNetworks

/// What came of one step.
struct StepResult {
    var loss: LossSum
    /// Before it is clipped.
    var gradientNorm: Double
    var learningRate: Double
    /// Whether a worker's time is over.
    var isLate: Bool
    /// False if the spike guard passed over it.
    var isApplied = true
    /// What the spike guard knows then; nil: not in use, or nothing yet.
    var spikes: SpikeState?
    /// Spent on waiting for other ranks, and on the update.
    var spent = ExchangeTimes()
}
