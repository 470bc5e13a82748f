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

    public init(metrics: [Metric], gate: [Bound] = [], topK: Int = 5) {
        self.metrics = metrics
        self.gate = gate
        self.topK = topK
    }
}
