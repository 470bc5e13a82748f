import Collectives
import Datasets
import NeuralNetworks
import Tensors

extension TrainingRun {
    /// What came of one step.
    struct Step {
        var loss: LossSum
        /// Before it is clipped.
        var gradientNorm: Double
        var learningRate: Double
        /// False if the spike guard passed over it.
        var isApplied: Bool
        /// Whether a worker's time is over.
        var isLate: Bool
    }

    /// Whether an update is made as its gradient comes in, or only when all of it is known.
    private var updatesAtOnce: Bool { specification.clipping.norm == nil && watch == nil }

    /// One update of the parameters.
    func runStep(_ index: Int, epoch: Int) throws -> Step {
        var step = Optimizer.Step(
            number: state.progress.step + 1 - (state.progress.spikes?.skipped ?? 0),
            learningRate: schedule.rate(step: state.progress.step, plateau: state.progress.plateau),
            gradientBound: Float(specification.clipping.value ?? .infinity))
        let exchange = try openExchange()
        let before = exchange.spent
        let underWay = StepUnderWay(
            epoch: epoch, update: index, isLate: stop.stop.seconds.map { secondsSoFar >= $0 } ?? false)
        var statistics = StepStatistics()
        try exchange.run(underWay) { sums in
            statistics = sums
            step.gradientScale = gradientScale(weight: sums.loss.weight)
            return UpdateOrder(step: step, isAtOnce: updatesAtOnce && sums.loss.loss.isFinite)
        }
        var result = Step(
            loss: statistics.loss, gradientNorm: exchange.norm * Double(step.gradientScale),
            learningRate: step.learningRate, isApplied: true, isLate: statistics.late > 0)
        result.isApplied = try isSound(result, index: index, epoch: epoch)
        if !updatesAtOnce, result.isApplied {
            step.gradientScale *= clippingFactor(norm: result.gradientNorm)
            try exchange.apply(step)
        }
        times.communication += (exchange.spent.communication - before.communication) / .seconds(1)
        times.update += (exchange.spent.update - before.update) / .seconds(1)
        return result
    }

    /// Time spent on this run's steps, those before a resume included.
    private var secondsSoFar: Double {
        StopRule.seconds(of: state.curve) + (ContinuousClock.now - epochStart) / .seconds(1)
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

    /// Whether the update is to be made.
    /// - Throws: `TrainingError` if it is no number and there is no guard, or the guard has seen too many.
    private func isSound(_ step: Step, index: Int, epoch: Int) throws -> Bool {
        let isFinite = step.loss.loss.isFinite && step.gradientNorm.isFinite
        // A batch without any row that counts is in line with everything.
        if step.loss.mean == nil, isFinite { return true }
        let loss = step.loss.mean ?? step.loss.loss
        let place = StepPlace(epoch: epoch + 1, step: index + 1)
        guard let watch else {
            if isFinite { return true }
            throw TrainingError.notFinite(
                place, loss: loss, gradientNorm: step.gradientNorm,
                origin: try originOfNonFinite(update: index, epoch: epoch))
        }
        let (spikes, isSound) = watch.judge(
            loss: loss, gradientNorm: step.gradientNorm, state.progress.spikes ?? SpikeState())
        state.progress.spikes = spikes
        guard spikes.skipped <= watch.rule.maximumSkips else {
            throw TrainingError.tooManySpikes(
                place, skipped: spikes.skipped, loss: loss, gradientNorm: step.gradientNorm,
                origin: isFinite ? nil : try originOfNonFinite(update: index, epoch: epoch))
        }
        return isSound
    }
}
