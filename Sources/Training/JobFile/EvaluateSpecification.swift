public import NeuralNetworks

/// The `evaluate:` section.
public struct EvaluateSpecification: Codable, Sendable, Equatable {
    public typealias Metric = NeuralNetworks.Metric

    /// A bound such as `accuracy: ">= 0.97"` that a version must meet to be promoted.
    public struct Bound: Codable, Sendable, Equatable {
        public enum Comparison: String, Codable, Sendable {
            case atLeast = ">=", atMost = "<=", above = ">", below = "<"
        }

        public var metric: Metric
        public var comparison: Comparison
        public var value: Double

        public init(metric: Metric, comparison: Comparison, value: Double) {
            self.metric = metric
            self.comparison = comparison
            self.value = value
        }

        /// Whether there is a figure of the metric that meets it.
        var isPossible: Bool {
            let (lowest, highest) = metric.range
            return switch comparison {
            case .atLeast: value <= highest ?? .infinity
            case .above: value < highest ?? .infinity
            case .atMost: value >= lowest ?? -.infinity
            case .below: value > lowest ?? -.infinity
            }
        }

        public func holds(for figure: Double) -> Bool {
            switch comparison {
            case .atLeast: figure >= value
            case .atMost: figure <= value
            case .above: figure > value
            case .below: figure < value
            }
        }
    }

    public var metrics: [Metric]
    public var gate: [Bound]
    /// The k of `top_k`.
    public var topK: Int

    public init(metrics: [Metric], gate: [Bound] = [], topK: Int = MetricScope.standardTopK) {
        self.metrics = metrics
        self.gate = gate
        self.topK = topK
    }
}

extension EvaluateSpecification {
    /// Keys that an earlier version did not write get their defaults.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            metrics: try container.decode([Metric].self, forKey: .metrics),
            gate: try container.decode([Bound].self, forKey: .gate),
            topK: try container.decodeIfPresent(Int.self, forKey: .topK) ?? MetricScope.standardTopK)
    }
}
