import Collectives
import NeuralNetworks
import Tensors

extension EpochLoop {
    func runEpoch(observer: any TrainingObserver) throws {
        let start = ContinuousClock.now
        team.resetTimes()
        let epoch = state.progress.epoch
        var sums = EpochSums()
        for index in 0..<setup.plan.updates {
            let step = try openStep().run(
                StepPosition(epoch: epoch, update: index, isLate: isLate(since: start)), after: state.progress)
            sums.add(step)
            state.progress.spikes = step.spikes
            state.progress.step += 1
            clock.stepped(rows: setup.plan.rows(ofUpdate: index))
            observer.stepped(progress(epoch: epoch, step: index + 1, loss: sums.loss.mean ?? .nan))
            if step.isLate || stop.endsEpoch(afterStep: state.progress.step) { break }
        }
        state.progress.epoch += 1
        var times = team.computingTimes
        times.communication = sums.spent.communication / .seconds(1)
        times.update = sums.spent.update / .seconds(1)
        var record = EpochRecord(
            epoch: state.progress.epoch, step: state.progress.step,
            trainingLoss: sums.loss.mean ?? .nan,
            seconds: (ContinuousClock.now - start) / .seconds(1), learningRate: sums.learningRate,
            gradientNorm: sums.updates == 0 ? nil : sums.gradientNorms / Double(sums.updates), times: times)
        if specification.spikeGuard != nil { record.skipped = sums.skipped }
        if sums.updates > 0, sums.loss.mean == nil {
            throw TrainingError.nothingCounts(part: "training", epoch: state.progress.epoch)
        }
        try close(record, hasLearned: sums.updates > 0, observer: observer)
    }

    /// Whether this worker's time is over: that spent on this run's steps, those before a resume included.
    private func isLate(since start: ContinuousClock.Instant) -> Bool {
        guard let limit = stop.stop.seconds else { return false }
        return StopRule.seconds(of: state.curve) + (ContinuousClock.now - start) / .seconds(1) >= limit
    }

    private func progress(epoch: Int, step: Int, loss: Double) -> StepProgress {
        let stepsLeft = Double(specification.epochs - epoch) * Double(setup.plan.updates) - Double(step)
        return StepProgress(
            epoch: epoch + 1, epochs: specification.epochs, step: step, steps: setup.plan.updates, loss: loss,
            samplesPerSecond: clock.samplesPerSecond,
            secondsLeft: stepsLeft * Double(setup.plan.rows(ofUpdate: 0)) / max(clock.samplesPerSecond, 1e-9))
    }
}
