/// Decides after every epoch whether training is over, and why.
struct StopRule: Sendable {
    let epochs: Int
    let patience: Int?
    let steps: Int?

    init(_ specification: TrainSpecification) {
        epochs = specification.epochs
        patience = specification.stop.patience
        steps = specification.stop.steps
    }

    /// Why a run that stands here ends; nil: it goes on.
    func reason(at progress: TrainingProgress) -> String? {
        if let steps, progress.step >= steps { return "steps" }
        if let patience, progress.epoch - progress.bestEpoch >= patience { return "patience" }
        return progress.epoch >= epochs ? "epochs" : nil
    }

    /// Whether the step limit ends an epoch early.
    func endsEpoch(afterStep step: Int) -> Bool {
        steps.map { step >= $0 } ?? false
    }
}
