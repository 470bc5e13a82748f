public import Datasets
public import NeuralNetworks

/// A job file, checked and complete: what to learn, from which data, how, and when the result is good enough.
public struct JobSpecification: Codable, Sendable, Equatable {
    /// Name of the model that the job makes a version of.
    public var name: String
    public var model: ModelSpecification
    public var data: DataSpecification
    public var train: TrainSpecification
    public var evaluate: EvaluateSpecification

    public init(
        name: String, model: ModelSpecification, data: DataSpecification, train: TrainSpecification,
        evaluate: EvaluateSpecification
    ) {
        self.name = name
        self.model = model
        self.data = data
        self.train = train
        self.evaluate = evaluate
    }
}

/// The `train:` section.
public struct TrainSpecification: Codable, Sendable, Equatable {
    public struct Stop: Codable, Sendable, Equatable {
        /// Epochs without a better monitored loss before training ends; nil: never. The validation loss is
        /// monitored where the split has a validation part, the training loss elsewhere; never the test part.
        public var patience: Int?
        /// Ends after this many steps; nil: no bound but the epochs.
        public var steps: Int?

        public init(patience: Int? = nil, steps: Int? = nil) {
            self.patience = patience
            self.steps = steps
        }
    }

    public var optimizer: OptimizerSpecification
    /// Rows of one step over all workers.
    public var batchSize: Int
    public var epochs: Int
    public var seed: UInt64
    public var workers: Int
    /// Into how many parts each batch is cut. Gradients are summed over the parts along one fixed tree, so a job gives
    /// the same bytes on any number of workers up to this. Default: the workers, but at least 4.
    public var slices: Int
    public var stop: Stop

    public init(
        optimizer: OptimizerSpecification, batchSize: Int, epochs: Int, seed: UInt64 = 0, workers: Int = 1,
        slices: Int? = nil, stop: Stop = Stop()
    ) {
        self.optimizer = optimizer
        self.batchSize = batchSize
        self.epochs = epochs
        self.seed = seed
        self.workers = workers
        self.slices = slices ?? max(4, workers)
        self.stop = stop
    }
}

/// The `evaluate:` section.
public struct EvaluateSpecification: Codable, Sendable, Equatable {
    public enum Metric: String, Codable, Sendable, CaseIterable {
        case loss, accuracy, precision, recall, f1, mse, mae, r2
    }

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

    public init(metrics: [Metric], gate: [Bound] = []) {
        self.metrics = metrics
        self.gate = gate
    }
}
