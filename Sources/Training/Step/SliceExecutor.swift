import Datasets
import NeuralNetworks
import Tensors

/// What one thread needs to compute slices: room for the rows of a batch and for a network's values.
final class SliceExecutor {
    let executor: TrainingExecutor
    private let seed: UInt64
    private let network: Network
    private let plan: UpdatePlan
    /// Of the worker's slices, the first of which is `firstSlice`.
    private let samples: [Samples]
    private let firstSlice: Int
    private let batch: Batch
    /// For the gradients of a slice that is computed in several pieces.
    private let pieceGradient: FloatBuffer?
    /// Of this thread, since they were last set to zero.
    var times = StepTimes()
    private let timeline: Timeline?

    /// - Parameters:
    ///   - precision: of matrix products while training.
    ///   - timeline: nil: nothing is recorded.
    init(
        _ specification: TrainSpecification, plan: UpdatePlan, network: Network, loss: Loss,
        shards: TrainingShards, firstSlice: Int, precision: Precision, timeline: Timeline?
    ) {
        self.plan = plan
        self.network = network
        self.firstSlice = firstSlice
        self.timeline = timeline
        seed = specification.seed
        samples = shards.training
        executor = TrainingExecutor(
            network: network, loss: loss, maximumRows: plan.maximumRows, precision: precision)
        batch = Batch(
            rows: plan.maximumRows, featureCount: network.inputCount,
            targetCount: network.outputPositions * loss.targetCount(outputs: network.specification.outputs),
            augmenter: shards.augmentation.map {
                Augmenter(
                    $0, shape: network.specification.input,
                    mixesTargets: network.specification.task == .regression, seed: specification.seed)
            })
        let hasPieces = specification.accumulation > 1 || specification.batchSize == nil
        pieceGradient = hasPieces ? FloatBuffer(count: network.layout.count) : nil
    }

    /// The gradient of the summed loss of a slice's rows, and the step's statistics behind it. Pieces are added up in
    /// order; the last one tells what is final.
    func computeGradient(
        ofSlice slice: Int, in step: StepUnderWay, parameters: FloatBuffer, into gradient: FloatBuffer,
        finished: (Range<Int>) -> Void
    ) {
        let parameterCount = network.layout.count
        var statistics = StepStatistics()
        statistics.late = step.isLate ? 1 : 0
        let tail = gradient.pointer + parameterCount
        var pieces = plan.pieces(ofSlice: slice, update: step.update).makeIterator()
        guard var piece = pieces.next() else {
            gradient.pointer.update(repeating: 0, count: parameterCount)
            statistics.write(to: tail)
            return finished(0..<gradient.count)
        }
        var target = gradient
        while let next = pieces.next() {
            compute(piece, ofSlice: slice, epoch: step.epoch, parameters, into: target) { _ in }
            statistics.loss += executor.lossSum
            add(0..<parameterCount, of: target, to: gradient)
            piece = next
            target = pieceGradient!
        }
        let last = target
        compute(piece, ofSlice: slice, epoch: step.epoch, parameters, into: last) { range in
            add(range, of: last, to: gradient)
            guard range.upperBound == parameterCount else { return finished(range) }
            statistics.loss += executor.lossSum
            statistics.write(to: tail)
            finished(range.lowerBound..<gradient.count)
        }
    }

    /// Adds a piece's gradient to that of the pieces before it, if there were any.
    private func add(_ range: Range<Int>, of piece: FloatBuffer, to gradient: FloatBuffer) {
        guard piece !== gradient else { return }
        SumKernels.add(
            piece.pointer + range.lowerBound, to: gradient.pointer + range.lowerBound, count: range.count)
    }

    private func compute(
        _ piece: UpdatePlan.Piece, ofSlice slice: Int, epoch: Int, _ parameters: FloatBuffer,
        into gradient: FloatBuffer, finished: (Range<Int>) -> Void
    ) {
        let start = ContinuousClock.now
        fill(piece, ofSlice: slice, epoch: epoch)
        let filled = ContinuousClock.now
        timeline?.record("data", from: start, to: filled)
        var spans = timeline.map { GradientSpans($0, layout: network.layout) }
        _ = executor.gradient(
            inputs: batch.inputs.pointer, targets: batch.targets.pointer, rows: piece.places.count,
            parameters: parameters.pointer, gradients: gradient.pointer, scale: 1,
            randomness: randomness(of: piece, epoch: epoch)
        ) { range in
            spans?.finished(range, backwardStart: executor.backwardStart)
            finished(range)
        }
        times.data += (filled - start) / .seconds(1)
        times.forward += (executor.backwardStart - filled) / .seconds(1)
        times.backward += (ContinuousClock.now - executor.backwardStart) / .seconds(1)
    }

    /// Computes a piece once more, looking at every number, and gives what came first of all that is not finite.
    func diagnose(
        _ piece: UpdatePlan.Piece, ofSlice slice: Int, epoch: Int, parameters: FloatBuffer, gradient: FloatBuffer
    ) -> NonFinite? {
        fill(piece, ofSlice: slice, epoch: epoch)
        return executor.diagnose(
            inputs: batch.inputs.pointer, targets: batch.targets.pointer, rows: piece.places.count,
            parameters: parameters.pointer, gradients: gradient.pointer,
            randomness: randomness(of: piece, epoch: epoch))
    }

    /// Gathers the rows of a piece.
    private func fill(_ piece: UpdatePlan.Piece, ofSlice slice: Int, epoch: Int) {
        let samples = samples[slice - firstSlice]
        let order = SamplePermutation(
            count: samples.rows, seed: seed, epoch: epoch, stream: SampleOrder.shardStream(slice: slice))
        batch.fill(from: samples, places: piece.places, order: order, slice: slice, epoch: epoch)
    }

    /// Counted by batches, so that those of one update differ.
    private func randomness(of piece: UpdatePlan.Piece, epoch: Int) -> StepRandomness {
        StepRandomness(seed: seed, step: epoch &* plan.batches.steps &+ piece.batch, firstRow: piece.firstRow)
    }
}
