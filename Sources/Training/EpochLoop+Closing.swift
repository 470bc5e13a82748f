import Collectives
import NeuralNetworks
import Tensors

extension EpochLoop {
    /// Agrees with the other ranks on the validation part's figures and on whether to take a checkpoint, and keeps the
    /// best parameters: of an epoch in which all steps were passed over nothing is kept, as nothing was learned in it.
    ///
    /// - Parameter own: what this rank says of the epoch.
    func close(_ own: EpochRecord, hasLearned: Bool, observer: any TrainingObserver) throws {
        let votes = try vote(own, isReady: observer.isReadyForCheckpoint())
        var record = own
        record.seconds = votes.map(\.seconds).max()!
        record.times = StepTimes(
            values: (0..<StepTimes.count).map { part in
                votes.reduce(0) { $0 + $1.times.values[part] } / Double(votes.count)
            })
        if evaluator.validates {
            guard let figures = evaluator.validation(of: votes.flatMap(\.validation)) else {
                throw TrainingError.nothingCounts(part: "validation", epoch: record.epoch)
            }
            record.validationLoss = figures.loss
            record.metrics = figures.metrics
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
        let validation = evaluator.validates ? try evaluator.validate(state.parameters) : []
        let own = EpochVote(
            isReady: isReady, seconds: record.seconds, times: record.times ?? StepTimes(), validation: validation)
        return try setup.group.allGather(values: own.values, named: "epoch \(state.progress.epoch)")
            .map { try EpochVote(values: $0, scope: evaluator.validationScope) }
    }
}
