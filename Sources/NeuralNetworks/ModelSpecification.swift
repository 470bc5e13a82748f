/// The `model:` section of a job file: which network to build. Saved with every checkpoint, so a network can be built
/// again from its manifest alone.
public struct ModelSpecification: Codable, Sendable, Equatable {
    /// What the network's outputs mean. Decides the default loss, the metrics and the outputs that are served.
    public enum Task: String, Codable, Sendable, CaseIterable {
        /// Real numbers; mean squared error.
        case regression
        /// One logit, the probability of class 1; binary cross-entropy.
        case binary
        /// One logit per class; categorical cross-entropy.
        case classification
    }

    public enum Family: String, Codable, Sendable, CaseIterable {
        case linear, logistic, mlp, cnn
        /// The layers as they are, with no head behind them.
        case sequential
    }

    public var family: Family
    public var task: Task
    /// Shape of one sample without the batch dimension: `[features]`, `[positions, features]`, `[positions]` of token
    /// ids, or `[channels, height, width]`.
    public var input: [Int]
    /// Width of the last dimension of the result: classes for classification, 1 for binary, targets for regression.
    public var outputs: Int
    /// The layers before the head, in order; all layers for `sequential`. Empty for `linear` and `logistic`.
    public var layers: [LayerSpecification]
    /// Whether the head has a bias; `linear` without intercept sets it to false.
    public var bias: Bool

    public init(
        family: Family, task: Task, input: [Int], outputs: Int, layers: [LayerSpecification] = [], bias: Bool = true
    ) {
        self.family = family
        self.task = task
        self.input = input
        self.outputs = outputs
        self.layers = layers
        self.bias = bias
    }
}
