import NeuralNetworks

/// Decides after every epoch whether training is over, and why. A function of what a checkpoint holds, so a resumed run
/// ends where the undisturbed one would.
struct StopRule: Sendable {
    let epochs: Int
    let stop: TrainSpecification.Stop

    init(_ specification: TrainSpecification) {
        epochs = specification.epochs
        stop = specification.stop
    }

    /// Why a run that stands here ends; nil: it goes on.
    func reason(at progress: TrainingProgress, curve: [EpochRecord]) -> String? {
        if let steps = stop.steps, progress.step >= steps { return "steps" }
        if let target = stop.target, let last = curve.last, let figure = Self.figure(target, in: last),
            target.holds(for: figure)
        {
            return "target"
        }
        if let seconds = stop.seconds, Self.seconds(of: curve) >= seconds { return "seconds" }
        if let tolerance = stop.tolerance, curve.count > 1,
            abs(curve[curve.count - 1].trainingLoss - curve[curve.count - 2].trainingLoss) < tolerance
        {
            return "tolerance"
        }
        if let patience = stop.patience, progress.epoch - progress.bestEpoch >= patience { return "patience" }
        return progress.epoch >= epochs ? "epochs" : nil
    }

    /// Whether the step limit ends an epoch early.
    func endsEpoch(afterStep step: Int) -> Bool {
        stop.steps.map { step >= $0 } ?? false
    }

    /// Time spent on the steps of a run so far, of whose curve some epochs may have been left out.
    static func seconds(of curve: [EpochRecord]) -> Double {
        curve.last?.elapsed ?? curve.reduce(0) { $0 + $1.seconds }
    }

    private static func figure(_ bound: EvaluateSpecification.Bound, in record: EpochRecord) -> Double? {
        bound.metric == .loss ? record.monitoredLoss : record.metrics?[bound.metric.rawValue]
    }
}
