/// What training makes smaller: the `loss:` of a job file.
///
/// A loss gives each row (each position of a sequence is a row) a figure and a weight, and both are plain sums over
/// rows, so that those of a batch's slices add up to that of the batch whatever their sizes. The mean of a batch is the
/// sum of the figures over the sum of the weights.
public struct Loss: Codable, Sendable, Equatable {
    /// Raw values are the names of the job file.
    public enum Name: String, Codable, Sendable, CaseIterable {
        /// (x - t)^2; `nn.MSELoss`.
        case squaredError = "mse"
        /// (x - t)^2 / 2, whose gradient is the plain difference.
        case halfSquaredError = "half_mse"
        /// |x - t|; `nn.L1Loss`.
        case absoluteError = "mae"
        /// (x - t)^2 / 2 up to a distance of delta, linear beyond; `nn.HuberLoss`.
        case huber
        /// -(t log sigmoid(x) + (1 - t) log(1 - sigmoid(x))); `nn.BCEWithLogitsLoss`.
        case binaryCrossEntropy = "binary_cross_entropy"
        /// The same of probabilities; `nn.BCELoss`.
        case binaryCrossEntropyOnProbabilities = "binary_cross_entropy_on_probabilities"
        /// -log softmax(x)[label]; `nn.CrossEntropyLoss`.
        case crossEntropy = "cross_entropy"
        /// -log p[label]; `nn.NLLLoss` of the logarithms.
        case crossEntropyOnProbabilities = "cross_entropy_on_probabilities"
        /// Sum of t (log t - log softmax(x)[c]) over the outputs; `nn.KLDivLoss(reduction="batchmean")` of
        /// log softmax(x).
        case divergence = "kl_divergence"
    }

    /// What the gradient is of. Reported losses are means always.
    public enum Reduction: String, Codable, Sendable, CaseIterable {
        /// Sum of the losses over the sum of the weights of the batch.
        case mean
        /// Sum over rows and outputs.
        case sum
    }

    public var name: Name
    public var reduction: Reduction
    /// For `huber`.
    public var delta: Double
    /// For cross-entropies: the share of each label that is spread evenly over all classes.
    public var labelSmoothing: Double
    /// For cross-entropies: what the rows of each class count; empty: all 1.
    public var classWeights: [Double]

    public init(
        _ name: Name, reduction: Reduction = .mean, delta: Double = 1, labelSmoothing: Double = 0,
        classWeights: [Double] = []
    ) {
        self.name = name
        self.reduction = reduction
        self.delta = delta
        self.labelSmoothing = labelSmoothing
        self.classWeights = classWeights
    }

    public static let meanSquaredError = Loss(.squaredError)
    public static let binaryCrossEntropyOnLogits = Loss(.binaryCrossEntropy)
    public static let crossEntropyOnLogits = Loss(.crossEntropy)

    /// The one that fits a task.
    public init(for task: ModelSpecification.Task) {
        switch task {
        case .regression: self = .meanSquaredError
        case .binary: self = .binaryCrossEntropyOnLogits
        case .classification: self = .crossEntropyOnLogits
        }
    }

    /// Floats of a row's target: a label for classes, one for each output elsewhere.
    public func targetCount(outputs: Int) -> Int {
        name.meaning.task == .classification ? 1 : outputs
    }
}

extension Loss.Name {
    /// What a network's outputs mean that was trained with this loss. The task, its metrics and what is served follow
    /// from it.
    public var meaning: OutputMeaning {
        switch self {
        case .squaredError, .halfSquaredError, .absoluteError, .huber: .numbers
        case .divergence: .distributionLogits
        case .binaryCrossEntropy: .logit
        case .binaryCrossEntropyOnProbabilities: .probability
        case .crossEntropy: .logits
        case .crossEntropyOnProbabilities: .probabilities
        }
    }

    /// Whether it can train a model for a task.
    public func fits(_ task: ModelSpecification.Task) -> Bool { meaning.task == task }

    /// Those that fit a task, for errors: `one of mse, half_mse, …`.
    public static func words(for task: ModelSpecification.Task) -> String {
        "one of " + allCases.filter { $0.fits(task) }.map(\.rawValue).joined(separator: ", ")
    }

    /// Whether the network's outputs are taken as they are for probabilities.
    public var readsProbabilities: Bool { meaning.areProbabilities }

    /// Whether targets are labels, of which those below 0 count for nothing.
    public var readsLabels: Bool { meaning.task != .regression }
}
