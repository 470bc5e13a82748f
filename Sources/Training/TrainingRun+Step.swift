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

    /// Floats of the gradient before the statistics.
    private var parameterCount: Int { network.layout.count }

    /// Whether an update is made as its gradient comes in, or only when all of it is known.
    private var updatesAtOnce: Bool { specification.clipping.norm == nil && watch == nil }

    /// One update of the parameters.
    func runStep(_ index: Int, epoch: Int) throws -> Step {
        var step = Optimizer.Step(
            number: state.progress.step + 1 - (state.progress.spikes?.skipped ?? 0),
            learningRate: schedule.rate(step: state.progress.step, plateau: state.progress.plateau),
            gradientBound: Float(specification.clipping.value ?? .infinity))
        var statistics: StepStatistics?
        var whole: FloatBuffer?
        let isLate = stop.stop.seconds.map { secondsSoFar >= $0 } ?? false
        let waited = exchange.waited
        try exchange.step { slice, gradient, finished in
            computeGradient(of: slice, update: index, epoch: epoch, isLate: isLate, into: gradient, finished: finished)
        } reduced: { [self] range, gradient in
            let start = ContinuousClock.now
            whole = gradient
            if range.upperBound > parameterCount {
                let sums = StepStatistics(gradient.pointer + parameterCount)
                statistics = sums
                step.gradientScale = gradientScale(weight: sums.loss.weight)
            }
            guard let statistics else { preconditionFailure("the range with the statistics must be reduced first") }
            let own = range.clamped(to: 0..<parameterCount)
            if updatesAtOnce, statistics.loss.loss.isFinite {
                update.measureAndApply(own, of: gradient, step: step)
            } else {
                update.measure(own, of: gradient)
            }
            updated(since: start)
        }
        times.communication += (exchange.waited - waited) / .seconds(1)
        guard let statistics, let whole else { preconditionFailure("a step must reduce its gradient") }

        var result = Step(
            loss: statistics.loss, gradientNorm: update.norm * Double(step.gradientScale),
            learningRate: step.learningRate, isApplied: true, isLate: statistics.late > 0)
        result.isApplied = try isSound(result, index: index, epoch: epoch)
        if !updatesAtOnce, result.isApplied {
            let start = ContinuousClock.now
            step.gradientScale *= clippingFactor(norm: result.gradientNorm)
            update.apply(whole, step: step)
            updated(since: start)
        }
        return result
    }

    private func updated(since start: ContinuousClock.Instant) {
        let end = ContinuousClock.now
        times.update += (end - start) / .seconds(1)
        timeline?.record("update", from: start, to: end)
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
        let place = StepPlace(epoch: epoch + 1, step: index + 1)
        guard let watch else {
            if isFinite { return true }
            throw TrainingError.notFinite(
                place, loss: step.loss.mean, gradientNorm: step.gradientNorm,
                origin: try originOfNonFinite(update: index, epoch: epoch))
        }
        let (spikes, isSound) = watch.judge(
            loss: step.loss.mean, gradientNorm: step.gradientNorm, state.progress.spikes ?? SpikeState())
        state.progress.spikes = spikes
        guard spikes.skipped <= watch.rule.maximumSkips else {
            throw TrainingError.tooManySpikes(
                place, skipped: spikes.skipped, loss: step.loss.mean, gradientNorm: step.gradientNorm,
                origin: isFinite ? nil : try originOfNonFinite(update: index, epoch: epoch))
        }
        return isSound
    }

    /// The gradient of the summed loss of a slice's rows. Pieces are added up in order; the last one tells what is
    /// final.
    private func computeGradient(
        of slice: Int, update: Int, epoch: Int, isLate: Bool, into gradient: FloatBuffer,
        finished: (Range<Int>) -> Void
    ) {
        var statistics = StepStatistics()
        statistics.late = isLate ? 1 : 0
        let tail = gradient.pointer + parameterCount
        let pieces = plan.pieces(ofSlice: slice, update: update)
        guard !pieces.isEmpty else {
            gradient.pointer.update(repeating: 0, count: parameterCount)
            statistics.write(to: tail)
            return finished(0..<gradient.count)
        }
        for (number, piece) in pieces.enumerated() {
            let target = number == 0 ? gradient : pieceGradient!
            func add(_ range: Range<Int>) {
                guard number > 0 else { return }
                SumKernels.add(
                    target.pointer + range.lowerBound, to: gradient.pointer + range.lowerBound, count: range.count)
            }
            guard number == pieces.count - 1 else {
                compute(piece, ofSlice: slice, epoch: epoch, into: target) { _ in }
                statistics.loss += executor.lossSum
                add(0..<parameterCount)
                continue
            }
            compute(piece, ofSlice: slice, epoch: epoch, into: target) { range in
                add(range)
                guard range.upperBound == parameterCount else { return finished(range) }
                statistics.loss += executor.lossSum
                statistics.write(to: tail)
                finished(range.lowerBound..<gradient.count)
            }
        }
    }

    private func compute(
        _ piece: UpdatePlan.Piece, ofSlice slice: Int, epoch: Int, into gradient: FloatBuffer,
        finished: (Range<Int>) -> Void
    ) {
        let start = ContinuousClock.now
        fill(piece, ofSlice: slice, epoch: epoch)
        let filled = ContinuousClock.now
        timeline?.record("data", from: start, to: filled)
        var spans = timeline.map { GradientSpans($0, layout: network.layout) }
        _ = executor.gradient(
            inputs: batch.inputs.pointer, targets: batch.targets.pointer, rows: piece.places.count,
            parameters: state.parameters.pointer, gradients: gradient.pointer, scale: 1,
            randomness: randomness(of: piece, epoch: epoch)
        ) { range in
            spans?.finished(range, backwardStart: executor.backwardStart)
            finished(range)
        }
        times.data += (filled - start) / .seconds(1)
        times.forward += (executor.backwardStart - filled) / .seconds(1)
        times.backward += (ContinuousClock.now - executor.backwardStart) / .seconds(1)
    }

    /// Gathers the rows of a piece.
    func fill(_ piece: UpdatePlan.Piece, ofSlice slice: Int, epoch: Int) {
        let samples = shards.training[slice - group.mine.lowerBound]
        let order = SamplePermutation(
            count: samples.rows, seed: specification.seed, epoch: epoch, stream: SampleOrder.shardStream(slice: slice))
        batch.fill(from: samples, places: piece.places, order: order, slice: slice, epoch: epoch)
    }

    /// Counted by batches, so that those of one update differ.
    func randomness(of piece: UpdatePlan.Piece, epoch: Int) -> StepRandomness {
        StepRandomness(
            seed: specification.seed, step: epoch * plan.batches.steps + piece.batch, firstRow: piece.firstRow)
    }
}
