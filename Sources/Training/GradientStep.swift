import Collectives
import NeuralNetworks
import Tensors

/// One update of the parameters, again and again: the gradients of the slices, their exchange, and what the optimizer
/// makes of their sum.
///
/// What changes from step to step comes as an argument and goes as a result; beside the numbers in the buffers a step
/// leaves nothing behind, and it allocates nothing.
final class GradientStep {
    let setup: TrainingSetup
    let team: SliceTeam
    let exchange: any GradientExchange
    /// Those that the exchange updates.
    let parameters: FloatBuffer
    private let schedule: Schedule
    private let watch: SpikeWatch?
    private let clipping: TrainSpecification.Clipping
    /// Whether an update is made as its gradient comes in, or only when all of it is known.
    private let updatesAtOnce: Bool

    /// Opens the exchange: all ranks are there at the same time.
    init(_ opening: ExchangeOpening, state: inout TrainingState) throws {
        setup = opening.setup
        team = opening.team
        exchange = try opening.open(for: &state)
        parameters = state.parameters
        let specification = setup.specification
        schedule = Schedule(
            specification.schedule, base: specification.optimizer.learningRate,
            totalSteps: setup.plan.updates(epochs: specification.epochs, steps: specification.stop.steps))
        watch = specification.spikeGuard.map(SpikeWatch.init)
        clipping = specification.clipping
        updatesAtOnce = specification.clipping.norm == nil && specification.spikeGuard == nil
    }

    /// - Parameter progress: before the step.
    /// - Throws: `TrainingError` if the update is no number and there is no guard, or the guard has seen too many.
    func run(_ position: StepPosition, after progress: TrainingProgress) throws -> StepResult {
        var step = Optimizer.Step(
            number: progress.step + 1 - (progress.spikes?.skipped ?? 0),
            learningRate: schedule.rate(step: progress.step, plateau: progress.plateau),
            gradientBound: Float(clipping.value ?? .infinity))
        let before = exchange.spent
        var statistics = StepStatistics()
        try exchange.compute(position) { sums in
            statistics = sums
            step.gradientScale = gradientScale(weight: sums.loss.weight)
            return UpdateOrder(step: step, isAtOnce: updatesAtOnce && sums.loss.loss.isFinite)
        }
        var result = StepResult(
            loss: statistics.loss, gradientNorm: exchange.norm * Double(step.gradientScale),
            learningRate: step.learningRate, isLate: statistics.late > 0)
        (result.isApplied, result.spikes) = try judge(result, of: position, after: progress)
        if !updatesAtOnce, result.isApplied {
            step.gradientScale *= clippingFactor(norm: result.gradientNorm)
            try exchange.apply(step)
        }
        result.spent = exchange.spent - before
        return result
    }

    /// What makes the gradient of the loss of the gradient of its sum. A batch without any label changes nothing.
    private func gradientScale(weight: Double) -> Float {
        switch setup.loss.reduction {
        case .sum: 1
        case .mean: weight > 0 ? Float(1 / weight) : 0
        }
    }

    /// As in `torch.nn.utils.clip_grad_norm_`.
    private func clippingFactor(norm: Double) -> Float {
        clipping.norm.map { Float(min(1, $0 / (norm + 1e-6))) } ?? 1
    }

    /// Whether the update is to be made, and what the spike guard knows then.
    private func judge(
        _ result: StepResult, of position: StepPosition, after progress: TrainingProgress
    ) throws -> (isSound: Bool, spikes: SpikeState?) {
        let isFinite = result.loss.loss.isFinite && result.gradientNorm.isFinite
        // A batch without any row that counts is in line with everything.
        if result.loss.mean == nil, isFinite { return (true, progress.spikes) }
        let loss = result.loss.mean ?? result.loss.loss
        let place = StepPlace(epoch: position.epoch + 1, step: position.update + 1)
        guard let watch else {
            if isFinite { return (true, progress.spikes) }
            throw TrainingError.notFinite(
                place, loss: loss, gradientNorm: result.gradientNorm, origin: try originOfNonFinite(position))
        }
        let (spikes, isSound) = watch.judge(
            loss: loss, gradientNorm: result.gradientNorm, progress.spikes ?? SpikeState())
        guard spikes.skipped <= watch.rule.maximumSkips else {
            throw TrainingError.tooManySpikes(
                place, skipped: spikes.skipped, loss: loss, gradientNorm: result.gradientNorm,
                origin: isFinite ? nil : try originOfNonFinite(position))
        }
        return (isSound, spikes)
    }
}
