import NeuralNetworks

/// Sums over the steps of an epoch, without those that the spike guard passed over.
struct EpochSums {
    var loss = LossSum()
    var gradientNorms = 0.0
    var updates = 0
    var skipped = 0
    /// Of the newest step.
    var learningRate = 0.0
    /// Over all steps.
    var spent = ExchangeTimes()

    mutating func add(_ step: StepResult) {
        learningRate = step.learningRate
        spent.communication += step.spent.communication
        spent.update += step.spent.update
        guard step.isApplied else { return skipped += 1 }
        loss += step.loss
        gradientNorms += step.gradientNorm
        updates += 1
    }
}
