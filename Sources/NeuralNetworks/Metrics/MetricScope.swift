/// What metrics are counted for; accumulators of the same scope can be merged.
public struct MetricScope: Sendable, Equatable {
    public var task: ModelSpecification.Task
    /// Outputs of a row.
    public var outputs: Int
    /// Whether outputs are probabilities and no logits.
    public var areProbabilities: Bool
    /// For `top_k`.
    public var topK: Int
    /// Whether every row's scores are kept, which `auc` needs.
    public var keepsScores: Bool

    public init(
        task: ModelSpecification.Task, outputs: Int, areProbabilities: Bool = false, topK: Int = 5,
        keepsScores: Bool = true
    ) {
        self.task = task
        self.outputs = outputs
        self.areProbabilities = areProbabilities
        self.topK = topK
        self.keepsScores = keepsScores
    }

    /// 0 for regression.
    var classes: Int {
        switch task {
        case .regression: 0
        case .binary: 2
        case .classification: outputs
        }
    }

    /// Classes up to which the whole confusion matrix is kept: 2 MiB of counts.
    static let largestConfusion = 512

    var hasConfusion: Bool { classes > 0 && classes <= Self.largestConfusion }

    /// Scores kept at most, over all rows and classes: 32 MiB. Beyond that `auc` is not measured.
    public static let scoreLimit = 1 << 22
}
