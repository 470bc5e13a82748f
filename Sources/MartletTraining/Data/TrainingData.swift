import NeuralNetworks
import Training

/// The rows to learn from. Every rank is given the same, and keeps those of its own slices.
///
/// ```swift
/// let file = folder.appending(path: "houses.csv")
/// let houses = TrainingData.csv(file.path, target: "price", features: ["rooms", "area"])
/// let trainer = try Trainer(
///     model, input: [2], data: houses, loss: .meanSquaredError, batchSize: 32, epochs: 5)
/// let result = try await trainer.run()
/// print(result.metrics["mae"] ?? 0)
/// ```
public struct TrainingData: Sendable {
    /// What the model takes, and how the rows are to be cut.
    struct Request: Sendable {
        /// Numbers of one row of input.
        var inputCount: Int
        var input: [Int]
        var outputs: Int
        /// Numbers of one row of targets.
        var targetCount: Int
        var task: ModelSpecification.Task
        /// Classes that targets are labels of; nil: they are numbers.
        var classes: Int? {
            switch task {
            case .regression: nil
            case .binary: 2
            case .classification: outputs
            }
        }
        var batchSize: Int
        /// Of each batch, over all ranks.
        var slices: Int
        var seed: UInt64
    }

    /// A rank's part.
    struct Part: Sendable {
        var shards: TrainingShards
        /// The same for all ranks that were given the same data.
        var fingerprint: String
    }

    /// Reads the rows of these slices. Blocks while it does.
    let read: @Sendable (_ request: Request, _ slices: Range<Int>) throws -> Part
}
