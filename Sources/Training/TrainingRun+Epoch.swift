import Collectives
import NeuralNetworks
import Tensors

extension TrainingRun {
    /// Sums over the steps of an epoch, without those that the spike guard passed over.
    private struct Sums {
        var loss = LossSum()
        var gradientNorms = 0.0
        var updates = 0
        var skipped = 0
        var learningRate = 0.0

        mutating func add(_ step: Step) {
            learningRate = step.learningRate
            guard step.isApplied else { return skipped += 1 }
            loss += step.loss
            gradientNorms += step.gradientNorm
            updates += 1
        }
    }

    func runEpoch(observer: any TrainingObserver) throws {
        epochStart = .now
        times = StepTimes()
        for member in members { member.times = StepTimes() }
        let epoch = state.progress.epoch
        var sums = Sums()
        for index in 0..<plan.updates {
            let step = try runStep(index, epoch: epoch)
            sums.add(step)
            state.progress.step += 1
            clock.stepped(rows: plan.rows(ofUpdate: index))
            observer.stepped(progress(epoch: epoch, step: index + 1, loss: sums.loss.mean ?? .nan))
            if step.isLate || stop.endsEpoch(afterStep: state.progress.step) { break }
        }
        state.progress.epoch += 1
        addComputingTimes()
        var record = EpochRecord(
            epoch: state.progress.epoch, step: state.progress.step,
            trainingLoss: sums.loss.mean ?? .nan,
            seconds: (ContinuousClock.now - epochStart) / .seconds(1), learningRate: sums.learningRate,
            gradientNorm: sums.updates == 0 ? nil : sums.gradientNorms / Double(sums.updates), times: times)
        if watch != nil { record.skipped = sums.skipped }
        if sums.updates > 0, sums.loss.mean == nil {
            throw TrainingError.nothingCounts(part: "training", epoch: state.progress.epoch)
        }
        try close(&record, hasLearned: sums.updates > 0, observer: observer)
    }

    /// Agrees with the other ranks on the validation part's figures and on whether to take a checkpoint, and keeps the
    /// best parameters: of an epoch in which all steps were passed over nothing is kept, as nothing was learned in it.
    private func close(_ record: inout EpochRecord, hasLearned: Bool, observer: any TrainingObserver) throws {
        let votes = try vote(record, isReady: observer.isReadyForCheckpoint())
        record.seconds = votes.map(\.seconds).max()!
        record.times = StepTimes(
            values: (0..<StepTimes.count).map { part in
                votes.reduce(0) { $0 + $1.times.values[part] } / Double(votes.count)
            })
        if shards.validationRows > 0 {
            let metrics = Self.merged(votes.flatMap(\.validation), scope: validationScope)
            guard let loss = metrics.loss.mean else {
                throw TrainingError.nothingCounts(part: "validation", epoch: record.epoch)
            }
            record.validationLoss = loss
            record.metrics = validationMetrics.reduce(into: [:]) { $0[$1.rawValue] = metrics.value(of: $1) }
        }
        record.elapsed = StopRule.seconds(of: state.curve) + record.seconds
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
    private func vote(_ record: EpochRecord, isReady: Bool) throws -> [EpochVote] {
        let validation =
            shards.validationRows > 0
            ? try evaluate(shards.validation, parameters: state.parameters, scope: validationScope) : []
        let own = EpochVote(isReady: isReady, seconds: record.seconds, times: times, validation: validation)
        return try group.allGather(own.encoded(), named: "epoch \(state.progress.epoch)")
            .map { try EpochVote(decoding: $0, scope: validationScope) }
    }

    /// Mean over the threads.
    private func addComputingTimes() {
        let share = 1 / Double(members.count)
        for member in members {
            times.data += share * member.times.data
            times.forward += share * member.times.forward
            times.backward += share * member.times.backward
        }
    }

    private func progress(epoch: Int, step: Int, loss: Double) -> StepProgress {
        let stepsLeft = Double(specification.epochs - epoch) * Double(plan.updates) - Double(step)
        return StepProgress(
            epoch: epoch + 1, epochs: specification.epochs, step: step, steps: plan.updates, loss: loss,
            samplesPerSecond: clock.samplesPerSecond,
            secondsLeft: stepsLeft * Double(plan.rows(ofUpdate: 0)) / max(clock.samplesPerSecond, 1e-9))
    }
}
