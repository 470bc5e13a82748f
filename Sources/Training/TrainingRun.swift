import Collectives
import Datasets
import NeuralNetworks
import Tensors

/// One worker's part in training one model: data-parallel stochastic gradient descent in lock-step with the other ranks.
///
/// Runs on a thread of its own, which blocks while it waits for others. Everything that decides the result is a
/// function of the job and the data alone; the number of workers only decides who computes what.
package final class TrainingRun {
    /// The samples of this worker's slices, in slice order.
    package struct Samples {
        package var training: [SampleTable]
        /// Empty tables, or none, where the split has no such part.
        package var validation: [SampleTable]
        package var test: [SampleTable]
        /// Over all workers.
        package var trainingRows: Int
        package var validationRows: Int

        package init(
            training: [SampleTable], validation: [SampleTable], test: [SampleTable], trainingRows: Int,
            validationRows: Int
        ) {
            self.training = training
            self.validation = validation
            self.test = test
            self.trainingRows = trainingRows
            self.validationRows = validationRows
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
    let samples: Samples
    let schedule: BatchSchedule
    let executor: TrainingExecutor
    private let batch: Batch
    private let optimizer: Optimizer
    private let exchange: GradientExchange
    private let stop: StopRule
    private var state: TrainingState
    private var clock: StepClock

    /// Floats behind the parameters' gradients that carry sums over the batch's rows: the loss, and room for more.
    private static let statisticsCount = 16

    /// - Parameter resume: where to go on; nil begins with freshly drawn parameters.
    package init(
        specification: TrainSpecification, network: Network, loss: Loss, group: ProcessGroup, samples: Samples,
        resume: TrainingState?
    ) {
        self.specification = specification
        self.network = network
        self.group = group
        self.samples = samples
        schedule = BatchSchedule(
            trainingRows: samples.trainingRows, batchSize: specification.batchSize, slices: specification.slices)
        for (slice, table) in zip(group.mine, samples.training) {
            precondition(table.rows == schedule.shardRows(ofSlice: slice), "shard \(slice) has the wrong rows")
        }
        let rows = schedule.largestSlice
        executor = TrainingExecutor(network: network, loss: loss, maximumRows: rows)
        batch = Batch(
            rows: rows, featureCount: network.inputCount, targetCount: samples.training[0].targetCount)
        optimizer = Optimizer(specification.optimizer, count: network.layout.count)
        exchange = GradientExchange(
            group: group, boundaries: network.layout.entries.map(\.offset),
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
        let epoch = state.progress.epoch
        var lossSum = 0.0
        var rows = 0
        for step in 0..<schedule.stepsPerEpoch {
            lossSum += try runStep(step, epoch: epoch)
            rows += schedule.rows(inStep: step)
            state.progress.step += 1
            clock.stepped(rows: schedule.rows(inStep: step))
            observer.stepped(progress(epoch: epoch, step: step + 1, loss: lossSum / Double(rows)))
            if stop.endsEpoch(afterStep: state.progress.step) { break }
        }
        state.progress.epoch += 1
        try closeEpoch(trainingLoss: lossSum / Double(rows), observer: observer)
    }

    /// One update of the parameters. Returns the loss summed over the batch's rows.
    private func runStep(_ step: Int, epoch: Int) throws -> Double {
        let scale = 1 / Float(schedule.rows(inStep: step))
        let parameterCount = network.layout.count
        let update = state.progress.step + 1
        var lossSum = 0.0
        try exchange.step { slice, gradient, finished in
            computeGradient(of: slice, step: step, epoch: epoch, scale: scale, into: gradient, finished: finished)
        } reduced: { range, gradient in
            if range.upperBound > parameterCount { lossSum = Double(gradient.pointer[parameterCount]) }
            optimizer.update(
                parameters: state.parameters.pointer, gradients: gradient.pointer,
                range: range.clamped(to: 0..<parameterCount), step: update)
        }
        guard lossSum.isFinite else {
            throw TrainingError.lossIsNotFinite(epoch: epoch + 1, step: step + 1, loss: lossSum * Double(scale))
        }
        return lossSum
    }

    private func computeGradient(
        of slice: Int, step: Int, epoch: Int, scale: Float, into gradient: FloatBuffer, finished: (Range<Int>) -> Void
    ) {
        let table = samples.training[slice - group.mine.lowerBound]
        let rows = schedule.rows(inStep: step, slice: slice)
        let statistics = gradient.pointer + network.layout.count
        statistics.update(repeating: 0, count: Self.statisticsCount)
        guard rows > 0 else {
            gradient.pointer.update(repeating: 0, count: network.layout.count)
            return finished(0..<gradient.count)
        }
        let first = schedule.firstPosition(inStep: step, slice: slice)
        for row in 0..<rows {
            let source = SampleOrder.permuted(
                first + row, of: table.rows, seed: specification.seed, epoch: epoch, stream: UInt64(slice))
            table.copy(row: source, to: row, of: batch)
        }
        _ = executor.gradient(
            inputs: batch.inputs.pointer, targets: batch.targets.pointer, rows: rows,
            parameters: state.parameters.pointer, gradients: gradient.pointer, scale: scale,
            randomness: StepRandomness(
                seed: specification.seed, step: state.progress.step,
                firstRow: schedule.offsets(ofSlice: slice).lowerBound)
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
    private func closeEpoch(trainingLoss: Double, observer: any TrainingObserver) throws {
        var message = EpochVote(isReady: observer.isReadyForCheckpoint(), validationLosses: [])
        if samples.validationRows > 0 {
            message.validationLosses = samples.validation.map { evaluate($0, parameters: state.parameters).lossSum }
        }
        let votes = try group.allGather(message.encoded(), named: "epoch \(state.progress.epoch)")
            .map(EpochVote.init(decoding:))
        let validationLoss =
            samples.validationRows > 0
            ? votes.flatMap(\.validationLosses).reduce(0, +) / Double(samples.validationRows) : nil
        let record = EpochRecord(
            epoch: state.progress.epoch, step: state.progress.step, trainingLoss: trainingLoss,
            validationLoss: validationLoss)
        state.curve.append(record)
        let monitored = validationLoss ?? trainingLoss
        if monitored < state.progress.bestLoss ?? .infinity {
            state.progress.bestLoss = monitored
            state.progress.bestEpoch = state.progress.epoch
            state.best.copy(from: state.parameters)
        }
        observer.completed(record)
        if votes.allSatisfy(\.isReady) { observer.checkpoint(state.copy()) }
    }

    private func progress(epoch: Int, step: Int, loss: Double) -> StepProgress {
        let stepsLeft = (specification.epochs - epoch) * schedule.stepsPerEpoch - step
        return StepProgress(
            epoch: epoch + 1, epochs: specification.epochs, step: step, steps: schedule.stepsPerEpoch, loss: loss,
            samplesPerSecond: clock.samplesPerSecond,
            secondsLeft: Double(stepsLeft * specification.batchSize) / max(clock.samplesPerSecond, 1e-9))
    }
}
