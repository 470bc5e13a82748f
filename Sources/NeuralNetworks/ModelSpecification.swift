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

        /// Classes that a row is told to be one of; nil: it gets numbers.
        ///
        /// - Parameter outputs: of the model.
        public func classes(outputs: Int) -> Int? {
            switch self {
            case .regression: nil
            case .binary: 2
            case .classification: outputs
            }
        }
    }

    public enum Family: String, Codable, Sendable, CaseIterable {
        case linear, logistic, mlp, cnn
        case resNetSmall = "resnet-small"
        /// Recurrent layers, over numbers or token ids.
        case rnn, lstm, gru
        /// An encoder, or encoder and decoder.
        case transformer
        /// A language model that looks back only.
        case gpt
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
    /// How weights start in layers that do not say so themselves.
    public var initialization: WeightInitialization
    /// The version that the parameters start from, by name, such as `digits:3`; nil: none.
    public var base: String?
    /// Names of parameters or layers that stay as they are, such as `0.weight`, `3` for all of layer 3, or `*.bias`, where
    /// `*` stands for any text and `?` for one character. Each must name at least one parameter.
    public var freeze: [String]

    public init(
        family: Family, task: Task, input: [Int], outputs: Int, layers: [LayerSpecification] = [], bias: Bool = true,
        initialization: WeightInitialization = WeightInitialization(.standard), base: String? = nil,
        freeze: [String] = []
    ) {
        self.family = family
        self.task = task
        self.input = input
        self.outputs = outputs
        self.layers = layers
        self.bias = bias
        self.initialization = initialization
        self.base = base
        self.freeze = freeze
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            family: try container.decode(Family.self, forKey: .family),
            task: try container.decode(Task.self, forKey: .task),
            input: try container.decode([Int].self, forKey: .input),
            outputs: try container.decode(Int.self, forKey: .outputs),
            layers: try container.decode([LayerSpecification].self, forKey: .layers),
            bias: try container.decode(Bool.self, forKey: .bias),
            initialization: try container.decodeIfPresent(WeightInitialization.self, forKey: .initialization)
                ?? WeightInitialization(.standard),
            base: try container.decodeIfPresent(String.self, forKey: .base),
            freeze: try container.decodeIfPresent([String].self, forKey: .freeze) ?? [])
    }
}
