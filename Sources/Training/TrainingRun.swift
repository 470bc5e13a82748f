package import Collectives
package import Datasets
package import NeuralNetworks
import Tensors

/// One worker's part in training one model: data-parallel stochastic gradient descent in lock-step with the other ranks.
///
/// Runs on a thread of its own, which blocks while it waits for others. Everything that decides the result is a
/// function of the job and the data alone; the number of workers only decides who computes what.
package final class TrainingRun {
    /// The samples of this worker's slices, in slice order, and the sizes over all workers.
    package struct Shards {
        package var training: [Samples]
        /// Empty where the split has no such part.
        package var validation: [Samples]
        package var test: [Samples]
        package var trainingRows: Int
        package var validationRows: Int
        /// Random changes to training samples; nil: none.
        package var augmentation: Augmentation?

        package init(
            training: [Samples], validation: [Samples], test: [Samples], trainingRows: Int, validationRows: Int,
            augmentation: Augmentation? = nil
        ) {
            self.training = training
            self.validation = validation
            self.test = test
            self.trainingRows = trainingRows
            self.validationRows = validationRows
            self.augmentation = augmentation
        }
    }

    /// How a run ended.
    package struct Outcome {
        package var state: TrainingState
        /// `epochs`, `patience` or `steps`.
        package var stopped: String
    }

    let specification: TrainSpecification
    let network: Network
    let group: ProcessGroup
    let shards: Shards
    let executor: TrainingExecutor
    /// The most rows that are computed at once.
    let maximumRows: Int
    private let batches: BatchSlices
    private let batch: Batch
    private let optimizer: Optimizer
    private let exchange: GradientExchange
    private let stop: StopRule
    private var state: TrainingState
    private var clock: StepClock

    /// Floats behind the parameters' gradients that carry sums over the batch's rows: the loss, and room for more.
    private static let statisticsCount = 16

    /// - Parameters:
    ///   - base: what freshly drawn parameters are overwritten with, as far as it goes.
    ///   - resume: where to go on; nil begins with freshly drawn parameters.
    /// - Throws: `NetworkError` or `BaseModelError` if nothing can be taken over from the base.
    package init(
        specification: TrainSpecification, network: Network, loss: Loss, group: ProcessGroup, shards: Shards,
        base: BaseModel? = nil, resume: TrainingState?
    ) throws {
        self.specification = specification
        self.network = network
        self.group = group
        self.shards = shards
        batches = BatchSlices(
            batchSize: specification.batchSize, slices: specification.slices, rows: shards.trainingRows)
        for (slice, samples) in zip(group.mine, shards.training) {
            precondition(
                samples.rows == batches.shardRows(ofSlice: slice), "shard \(slice) has other rows than planned")
        }
        maximumRows = (0..<specification.slices).map { [batches] in batches.offsets(ofSlice: $0).count }.max()!
        executor = TrainingExecutor(network: network, loss: loss, maximumRows: maximumRows)
        batch = Batch(
            rows: maximumRows, featureCount: network.inputCount, targetCount: shards.training.first?.targetCount ?? 1,
            augmenter: shards.augmentation.map {
                Augmenter(
                    $0, shape: network.specification.input,
                    mixesTargets: network.specification.task == .regression, seed: specification.seed)
            })
        optimizer = Optimizer(specification.optimizer, count: network.layout.count)
        exchange = GradientExchange(
            group: group, boundaries: network.layout.boundaries,
            count: network.layout.count + Self.statisticsCount)
        stop = StopRule(specification)
        clock = StepClock()
        if let resume {
            state = resume
            for (own, saved) in zip(optimizer.states, resume.moments) {
                own.buffer.copy(from: saved.buffer)
            }
            state.moments = optimizer.states
        } else {
            let parameters = FloatBuffer(count: network.layout.count)
            network.initialize(parameters.pointer, seed: specification.seed)
            try base?.adopt(into: parameters, of: network)
            state = TrainingState(
                parameters: parameters, moments: optimizer.states, best: parameters.copy(),
                progress: TrainingProgress(), curve: [])
        }
    }

    /// Trains to the end.
    /// - Throws: `CollectiveError` when another rank is lost or the group is aborted, `TrainingError` when the numbers
    ///   stop being numbers.
    package func run(observer: any TrainingObserver) throws -> Outcome {
        while true {
            if let reason = stop.reason(at: state.progress) {
                return Outcome(state: state.copy(), stopped: reason)
            }
            try runEpoch(observer: observer)
        }
    }

    private func runEpoch(observer: any TrainingObserver) throws {
        let start = ContinuousClock.now
        let epoch = state.progress.epoch
        var lossSum = 0.0
        var rows = 0
        for step in 0..<batches.steps {
            lossSum += try runStep(step, epoch: epoch)
            rows += batches.rows(ofStep: step)
            state.progress.step += 1
            clock.stepped(rows: batches.rows(ofStep: step))
            observer.stepped(progress(epoch: epoch, step: step + 1, loss: lossSum / Double(rows)))
            if stop.endsEpoch(afterStep: state.progress.step) { break }
        }
        state.progress.epoch += 1
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        try closeEpoch(trainingLoss: lossSum / Double(rows), seconds: seconds, observer: observer)
    }

    /// One update of the parameters. Returns the loss summed over the batch's rows.
    private func runStep(_ step: Int, epoch: Int) throws -> Double {
        let scale = 1 / Float(batches.rows(ofStep: step))
        let parameterCount = network.layout.count
        let update = state.progress.step + 1
        var lossSum = 0.0
        try exchange.step { slice, gradient, finished in
            computeGradient(of: slice, step: step, epoch: epoch, scale: scale, into: gradient, finished: finished)
        } reduced: { range, gradient in
            if range.upperBound > parameterCount { lossSum = Double(gradient.pointer[parameterCount]) }
            network.update(
                range.clamped(to: 0..<parameterCount), parameters: state.parameters.pointer,
                gradients: gradient.pointer
            ) { learned in
                optimizer.update(
                    parameters: state.parameters.pointer, gradients: gradient.pointer, range: learned, step: update)
            }
        }
        guard lossSum.isFinite else {
            throw TrainingError.lossIsNotFinite(epoch: epoch + 1, step: step + 1, loss: lossSum * Double(scale))
        }
        return lossSum
    }

    private func computeGradient(
        of slice: Int, step: Int, epoch: Int, scale: Float, into gradient: FloatBuffer, finished: (Range<Int>) -> Void
    ) {
        let places = batches.shardPlaces(ofSlice: slice, step: step)
        let statistics = gradient.pointer + network.layout.count
        statistics.update(repeating: 0, count: Self.statisticsCount)
        guard !places.isEmpty else {
            gradient.pointer.update(repeating: 0, count: network.layout.count)
            return finished(0..<gradient.count)
        }
        let samples = shards.training[slice - group.mine.lowerBound]
        let order = SamplePermutation(
            count: samples.rows, seed: specification.seed, epoch: epoch, stream: SampleOrder.shardStream(slice: slice))
        batch.fill(from: samples, places: places, order: order, slice: slice, epoch: epoch)
        _ = executor.gradient(
            inputs: batch.inputs.pointer, targets: batch.targets.pointer, rows: places.count,
            parameters: state.parameters.pointer, gradients: gradient.pointer, scale: scale,
            randomness: StepRandomness(
                seed: specification.seed, step: state.progress.step,
                firstRow: batches.offsets(ofSlice: slice).lowerBound)
        ) { range in
            if range.upperBound == network.layout.count {
                statistics[0] = Float(executor.lossSum)
                finished(range.lowerBound..<gradient.count)
            } else {
                finished(range)
            }
        }
    }

    /// Agrees with the other ranks on the validation loss and on whether to take a checkpoint, and keeps the best
    /// parameters.
    private func closeEpoch(trainingLoss: Double, seconds: Double, observer: any TrainingObserver) throws {
        var message = EpochVote(isReady: observer.isReadyForCheckpoint(), validationLosses: [])
        if shards.validationRows > 0 {
            message.validationLosses = shards.validation.map {
                evaluate($0, parameters: state.parameters).lossSum
            }
        }
        let votes = try group.allGather(message.encoded(), named: "epoch \(state.progress.epoch)")
            .map(EpochVote.init(decoding:))
        let validationLoss =
            shards.validationRows > 0
            ? votes.flatMap(\.validationLosses).reduce(0, +) / Double(shards.validationRows) : nil
        let record = EpochRecord(
            epoch: state.progress.epoch, step: state.progress.step, trainingLoss: trainingLoss,
            validationLoss: validationLoss, seconds: seconds)
        state.curve.append(record)
        let monitored = validationLoss ?? trainingLoss
        if monitored < state.progress.bestLoss ?? .infinity {
            state.progress.bestLoss = monitored
            state.progress.bestEpoch = state.progress.epoch
            state.best.copy(from: state.parameters)
        }
        if votes.allSatisfy(\.isReady) { observer.checkpoint(state.copy()) }
    }

    private func progress(epoch: Int, step: Int, loss: Double) -> StepProgress {
        let stepsLeft = (specification.epochs - epoch) * batches.steps - step
        return StepProgress(
            epoch: epoch + 1, epochs: specification.epochs, step: step, steps: batches.steps, loss: loss,
            samplesPerSecond: clock.samplesPerSecond,
            secondsLeft: Double(stepsLeft * specification.batchSize) / max(clock.samplesPerSecond, 1e-9))
    }
}
