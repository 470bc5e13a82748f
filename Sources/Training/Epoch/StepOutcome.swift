import NeuralNetworks

/// What came of one step.
struct StepOutcome {
    var loss: LossSum
    /// Before it is clipped.
    var gradientNorm: Double
    var learningRate: Double
    /// Whether a worker's time is over.
    var isLate: Bool
    /// False if the spike guard passed over it.
    var isApplied = true
    /// What the spike guard knows afterwards; nil: not in use.
    var spikes: SpikeState?
    /// Spent on waiting for other workers, and on the update.
    var spent = ExchangeTimes()
}
