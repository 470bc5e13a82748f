/// The `optimizer:` section of a job file.
public struct OptimizerSpecification: Codable, Sendable, Equatable {
    public enum Name: String, Codable, Sendable, CaseIterable {
        /// Plain descent on the gradient of all training rows at once.
        case gradientDescent = "gradient_descent"
        case sgd, momentum, nesterov, rmsprop, adagrad, adam, adamw
    }

    public var name: Name
    public var learningRate: Double
    /// For `momentum` and `nesterov`, in PyTorch's form v = momentum v + g; for `rmsprop`, where 0 means none.
    public var momentum: Double
    /// For `rmsprop`: what is kept of the mean square in each step.
    public var alpha: Double
    /// For `adam` and `adamw`.
    public var beta1: Double
    public var beta2: Double
    /// For `rmsprop`, `adagrad`, `adam` and `adamw`.
    public var epsilon: Double
    public var weightDecay: Double
    /// Whether the weight decay shrinks the parameters instead of adding to the gradient (Loshchilov and Hutter, 2019).
    /// Always so for `adamw`.
    public var isDecoupled: Bool
    /// Parameters without weight decay, by name or by that of their layer: `*.bias`, `3`; `*` stands for any text and
    /// `?` for one character.
    public var decayExclusions: [String]

    /// - Parameters:
    ///   - epsilon: nil: PyTorch's default of the optimizer.
    ///   - momentum: nil: 0.9, but none for `rmsprop`.
    public init(
        name: Name, learningRate: Double, momentum: Double? = nil, alpha: Double = 0.99, beta1: Double = 0.9,
        beta2: Double = 0.999, epsilon: Double? = nil, weightDecay: Double = 0, isDecoupled: Bool = false,
        decayExclusions: [String] = []
    ) {
        self.name = name
        self.learningRate = learningRate
        self.momentum = momentum ?? (name == .rmsprop ? 0 : 0.9)
        self.alpha = alpha
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon ?? (name == .adagrad ? 1e-10 : 1e-8)
        self.weightDecay = weightDecay
        self.isDecoupled = isDecoupled || name == .adamw
        self.decayExclusions = decayExclusions
    }

    /// Whether this parameter is subject to weight decay.
    public func decays(_ parameter: String) -> Bool {
        !NamePatterns(patterns: decayExclusions).match(parameter)
    }
}

extension OptimizerSpecification {
    /// Keys that an earlier version did not write get their defaults: jobs and models it stored stay readable.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try container.decode(Name.self, forKey: .name),
            learningRate: try container.decode(Double.self, forKey: .learningRate))
        func number(_ key: CodingKeys, or standard: Double) throws -> Double {
            try container.decodeIfPresent(Double.self, forKey: key) ?? standard
        }
        momentum = try number(.momentum, or: momentum)
        alpha = try number(.alpha, or: alpha)
        beta1 = try number(.beta1, or: beta1)
        beta2 = try number(.beta2, or: beta2)
        epsilon = try number(.epsilon, or: epsilon)
        weightDecay = try number(.weightDecay, or: weightDecay)
        // That of `adamw` always is.
        isDecoupled = try container.decodeIfPresent(Bool.self, forKey: .isDecoupled) ?? false || isDecoupled
        decayExclusions = try container.decodeIfPresent([String].self, forKey: .decayExclusions) ?? decayExclusions
    }
}
