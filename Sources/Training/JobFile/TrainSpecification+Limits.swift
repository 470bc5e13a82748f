import NeuralNetworks
import Explanations

/// What a program or a document may ask for as well as a job file, and what is wrong with it.
extension TrainSpecification {
    package static let accumulations = 1...1 << 20
    package static let batchSizes = 1...1 << 24
    package static let epochCounts = 1...1_000_000_000
    package static let patienceCounts = 1...1_000_000_000
    /// More workers or slices would be a slip of the finger.
    package static let sliceCounts = 1...1024
    package static let stepCounts = 1...1 << 40

    /// The first figure that training cannot be begun with, and what was expected of it; nil if there is none.
    ///
    /// - Parameter outputs: of the model.
    package func problem(outputs: Int) -> String? {
        var counts = [
            ("workers", workers, Self.sliceCounts), ("slices", slices, Self.sliceCounts),
            ("batch_size", batchSize ?? 1, Self.batchSizes), ("accumulate", accumulation, Self.accumulations),
            ("epochs", epochs, Self.epochCounts), ("stop.patience", stop.patience ?? 1, Self.patienceCounts),
            ("stop.steps", stop.steps ?? 1, Self.stepCounts),
            ("schedule.warmup_steps", schedule.warmUp?.steps ?? 1, Self.stepCounts),
        ]
        switch schedule.kind {
        case .step(let every, _): counts.append(("schedule.every", every, Self.stepCounts))
        case .linear(_, let steps), .cosine(_, let steps):
            counts.append(("schedule.steps", steps ?? 1, Self.stepCounts))
        case .constant, .exponential, .reduceOnPlateau: break
        }
        for (key, count, range) in counts where !range.contains(count) {
            return "train.\(key) is \(count), expected from \(range.lowerBound) to \(range.upperBound)"
        }
        if let batchSize, batchSize < slices {
            return
                "train.batch_size is \(batchSize), but each batch is cut into \(counted(slices, "slice")); expected at least "
                + "one row a slice"
        }
        if let weights = loss?.classWeights, !weights.isEmpty, weights.count != max(outputs, 2) {
            return "train.loss.class_weights: expected a number for each of the \(max(outputs, 2)) classes, found "
                + "\(weights.count)"
        }
        return nil
    }
}
