import Collectives
import NeuralNetworks
import Tensors

/// Trains epoch by epoch, in lock-step with the other ranks, until the stop rule ends it.
final class EpochLoop {
    private(set) var state: TrainingState
    private let specification: TrainSpecification
    private let plan: UpdatePlan
    private let loss: Loss
    private let setup: ExchangeSetup
    private let stop: StopRule
    private let evaluator: Evaluator
    private var clock = StepClock()
    private var step: GradientStep?

    /// - Parameter state: where it begins.
    init(
        _ specification: TrainSpecification, plan: UpdatePlan, loss: Loss, setup: ExchangeSetup, evaluator: Evaluator,
        state: TrainingState
    ) {
        self.specification = specification
        self.plan = plan
        self.loss = loss
        self.setup = setup
        self.evaluator = evaluator
        self.state = state
        stop = StopRule(specification)
    }

    /// Trains to the end.
    /// - Returns: why it ended.
    func run(observer: any TrainingObserver) throws -> String {
        while true {
            if let reason = stop.reason(at: state.progress, curve: state.curve) { return reason }
            try runEpoch(observer: observer)
        }
    }

    func runEpoch(observer: any TrainingObserver) throws {
        let start = ContinuousClock.now
        for executor in setup.team.executors { executor.times = StepTimes() }
        let epoch = state.progress.epoch
        var sums = EpochSums()
        for update in 0..<plan.updates {
            let step = try openStep()
            let underWay = StepUnderWay(epoch: epoch, update: update, isLate: isLate(inEpochFrom: start))
            let outcome = try step.run(underWay, from: state.progress)
            sums.add(outcome)
            state.progress.spikes = outcome.spikes
            state.progress.step += 1
            clock.stepped(rows: plan.rows(ofUpdate: update))
            observer.stepped(progress(epoch: epoch, step: update + 1, loss: sums.loss.mean ?? .nan))
            if outcome.isLate || stop.endsEpoch(afterStep: state.progress.step) { break }
        }
        state.progress.epoch += 1
        if sums.updates > 0, sums.loss.mean == nil {
            throw TrainingError.nothingCounts(part: "training", epoch: state.progress.epoch)
        }
        try close(record(of: sums, from: start), hasLearned: sums.updates > 0, observer: observer)
    }

    /// Opens the exchange of gradients at the first step: all ranks are there at the same time.
    func openStep() throws -> GradientStep {
        if let step { return step }
        let exchange = try setup.open(&state)
        let diagnosis = StepDiagnosis(
            group: setup.group, plan: plan, executor: setup.team.executors[0], parameters: state.parameters)
        let opened = GradientStep(specification, plan: plan, loss: loss, exchange: exchange, diagnosis: diagnosis)
        step = opened
        return opened
    }

    /// Whether the time for all steps is over, those before a resume included.
    private func isLate(inEpochFrom start: ContinuousClock.Instant) -> Bool {
        guard let seconds = stop.stop.seconds else { return false }
        return StopRule.seconds(of: state.curve) + (ContinuousClock.now - start) / .seconds(1) >= seconds
    }

    /// Of this rank alone; what it waited for, and what its threads computed, on average.
    private func record(of sums: EpochSums, from start: ContinuousClock.Instant) -> EpochRecord {
        var times = sums.times
        let share = 1 / Double(setup.team.count)
        for executor in setup.team.executors {
            times.data += share * executor.times.data
            times.forward += share * executor.times.forward
            times.backward += share * executor.times.backward
        }
        return EpochRecord(
            epoch: state.progress.epoch, step: state.progress.step,
            trainingLoss: sums.loss.mean ?? .nan,
            seconds: (ContinuousClock.now - start) / .seconds(1), learningRate: sums.learningRate,
            gradientNorm: sums.updates == 0 ? nil : sums.gradientNorms / Double(sums.updates),
            skipped: specification.spikeGuard == nil ? nil : sums.skipped, times: times)
    }

    private func progress(epoch: Int, step: Int, loss: Double) -> StepProgress {
        let stepsLeft = Double(specification.epochs - epoch) * Double(plan.updates) - Double(step)
        return StepProgress(
            epoch: epoch + 1, epochs: specification.epochs, step: step, steps: plan.updates, loss: loss,
            samplesPerSecond: clock.samplesPerSecond,
            secondsLeft: stepsLeft * Double(plan.rows(ofUpdate: 0)) / max(clock.samplesPerSecond, 1e-9))
    }

    /// Agrees with the other ranks on the validation part's figures and on whether to take a checkpoint, and keeps the
    /// best parameters: of an epoch in which all steps were passed over nothing is kept, as nothing was learned in it.
    private func close(_ own: EpochRecord, hasLearned: Bool, observer: any TrainingObserver) throws {
        let votes = try vote(own, isReady: observer.isReadyForCheckpoint())
        let record = try own.agreed(votes, after: state.curve, evaluator)
        state.curve.append(record)
        if state.curve.count > 2 * [EpochRecord].keptEpochs { state.curve = state.curve.thinned() }

        if hasLearned, record.monitoredLoss < state.progress.bestLoss ?? .infinity {
            state.progress.bestLoss = record.monitoredLoss
            state.progress.bestEpoch = state.progress.epoch
            state.best.copy(from: state.parameters)
        }
        if case .reduceOnPlateau(let rule) = specification.schedule.kind {
            let before = state.progress.plateau ?? PlateauState(rate: specification.optimizer.learningRate)
            state.progress.plateau = rule.state(after: record.monitoredLoss, from: before)
        }
        if votes.allSatisfy(\.isReady) { observer.checkpoint(state.copy()) }
    }

    /// What all ranks say at the end of an epoch, in rank order.
    private func vote(_ own: EpochRecord, isReady: Bool) throws -> [EpochVote] {
        let validation = try evaluator.validate(state.parameters)
        let vote = EpochVote(
            isReady: isReady, seconds: own.seconds, times: own.times ?? StepTimes(), validation: validation)
        return try setup.group.allGather(values: vote.values, named: "epoch \(own.epoch)")
            .map { try EpochVote(values: $0, scope: evaluator.validationScope) }
    }
}
