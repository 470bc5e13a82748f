import NeuralNetworks

/// Sums over the steps of an epoch, without those that the spike guard passed over.
struct EpochSums {
    var loss = LossSum()
    var gradientNorms = 0.0
    var updates = 0
    var skipped = 0
    /// Of the last step.
    var learningRate = 0.0
    /// Spent on waiting for other workers, and on updates.
    var times = StepTimes()

    mutating func add(_ step: StepOutcome) {
        times.communication += step.spent.communication / .seconds(1)
        times.update += step.spent.update / .seconds(1)
        learningRate = step.learningRate
        guard step.isApplied else { return skipped += 1 }
        loss += step.loss
        gradientNorms += step.gradientNorm
        updates += 1
    }
}
