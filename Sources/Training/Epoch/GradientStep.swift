import NeuralNetworks

/// One update of the parameters from the gradients of all workers' slices.
///
/// What a step depends on comes in, and what came of it goes out; the parameters and moments that it changes are those
/// that its exchange was opened with.
final class GradientStep {
    let exchange: any GradientExchange
    private let specification: TrainSpecification
    private let loss: Loss
    private let schedule: Schedule
    private let watch: SpikeWatch?
    private let diagnosis: StepDiagnosis

    init(
        _ specification: TrainSpecification, plan: UpdatePlan, loss: Loss, exchange: any GradientExchange,
        diagnosis: StepDiagnosis
    ) {
        self.specification = specification
        self.loss = loss
        self.exchange = exchange
        self.diagnosis = diagnosis
        schedule = Schedule(
            specification.schedule, base: specification.optimizer.learningRate,
            totalSteps: plan.updates(epochs: specification.epochs, steps: specification.stop.steps))
        watch = specification.spikeGuard.map(SpikeWatch.init)
    }

    /// Whether an update is made as its gradient comes in, or only when all of it is known.
    private var updatesAtOnce: Bool { specification.clipping.norm == nil && watch == nil }

    /// - Parameter progress: where the run stands before the step.
    /// - Throws: `TrainingError` if the step is no number and there is no guard, or the guard has seen too many.
    func run(_ underWay: StepUnderWay, from progress: TrainingProgress) throws -> StepOutcome {
        var step = Optimizer.Step(
            number: progress.step + 1 - (progress.spikes?.skipped ?? 0),
            learningRate: schedule.rate(step: progress.step, plateau: progress.plateau),
            gradientBound: Float(specification.clipping.value ?? .infinity))
        let before = exchange.spent
        var statistics = StepStatistics()
        try exchange.run(underWay) { sums in
            statistics = sums
            step.gradientScale = gradientScale(weight: sums.loss.weight)
            return UpdateOrder(step: step, isAtOnce: updatesAtOnce && sums.loss.loss.isFinite)
        }
        var outcome = StepOutcome(
            loss: statistics.loss, gradientNorm: exchange.norm * Double(step.gradientScale),
            learningRate: step.learningRate, isLate: statistics.late > 0, spikes: progress.spikes)
        try judge(&outcome, of: underWay)
        if !updatesAtOnce, outcome.isApplied {
            step.gradientScale *= clippingFactor(norm: outcome.gradientNorm)
            try exchange.apply(step)
        }
        outcome.spent = exchange.spent - before
        return outcome
    }

    /// What makes the gradient of the loss of the gradient of its sum. A batch without any label changes nothing.
    private func gradientScale(weight: Double) -> Float {
        switch loss.reduction {
        case .sum: 1
        case .mean: weight > 0 ? Float(1 / weight) : 0
        }
    }

    /// As in `torch.nn.utils.clip_grad_norm_`.
    private func clippingFactor(norm: Double) -> Float {
        specification.clipping.norm.map { Float(min(1, $0 / (norm + 1e-6))) } ?? 1
    }

    /// Decides whether the update is to be made.
    private func judge(_ outcome: inout StepOutcome, of underWay: StepUnderWay) throws {
        let isFinite = outcome.loss.loss.isFinite && outcome.gradientNorm.isFinite
        // A batch without any row that counts is in line with everything.
        if outcome.loss.mean == nil, isFinite { return }
        let loss = outcome.loss.mean ?? outcome.loss.loss
        let place = StepPlace(epoch: underWay.epoch + 1, step: underWay.update + 1)
        guard let watch else {
            if isFinite { return }
            throw TrainingError.notFinite(
                place, loss: loss, gradientNorm: outcome.gradientNorm, origin: try diagnosis.origin(of: underWay))
        }
        let (spikes, isSound) = watch.judge(
            loss: loss, gradientNorm: outcome.gradientNorm, outcome.spikes ?? SpikeState())
        guard spikes.skipped <= watch.rule.maximumSkips else {
            throw TrainingError.tooManySpikes(
                place, skipped: spikes.skipped, loss: loss, gradientNorm: outcome.gradientNorm,
                origin: isFinite ? nil : try diagnosis.origin(of: underWay))
        }
        outcome.spikes = spikes
        outcome.isApplied = isSound
    }
}
