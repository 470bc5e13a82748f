/// What metrics are counted for; accumulators of the same scope can be merged.
public struct MetricScope: Sendable, Equatable {
    public static let standardTopK = 5

    /// What the outputs are: of which task, and whether they are probabilities already.
    public var meaning: OutputMeaning
    /// Outputs of a row.
    public var outputs: Int
    /// For `top_k`.
    public var topK: Int
    /// Whether every row's scores are kept, which `auc` needs.
    public var keepsScores: Bool

    public init(meaning: OutputMeaning, outputs: Int, topK: Int = Self.standardTopK, keepsScores: Bool = true) {
        self.meaning = meaning
        self.outputs = outputs
        self.topK = topK
        self.keepsScores = keepsScores
    }

    var task: ModelSpecification.Task { meaning.task }

    /// 0 for regression.
    var classes: Int { task.classes(outputs: outputs) ?? 0 }

    /// Classes up to which the whole confusion matrix is kept: 2 MiB of counts.
    static let largestConfusion = 512

    var hasConfusion: Bool { classes > 0 && classes <= Self.largestConfusion }

    /// Scores kept at most, over all rows and classes: 32 MiB. Beyond that `auc` is not measured.
    public static let scoreLimit = 1 << 22
}
