/// The `data:` section of a job file.
public struct DataSpecification: Codable, Sendable, Equatable {
    public enum Format: String, Codable, Sendable, CaseIterable {
        case csv
    }

    public enum Normalization: String, Codable, Sendable, CaseIterable {
        /// Values as they are.
        case none
        /// (x - mean) / standard deviation of the training split, per feature.
        case standard
        /// (x - min) / (max - min) of the training split, per feature.
        case minMax = "min_max"
    }

    /// Fractions of the rows; they add up to 1.
    public struct Split: Codable, Sendable, Equatable {
        public var train: Double
        public var validation: Double
        public var test: Double
        /// Each class keeps its share in every part.
        public var stratify: Bool

        public init(train: Double, validation: Double = 0, test: Double, stratify: Bool = false) {
            self.train = train
            self.validation = validation
            self.test = test
            self.stratify = stratify
        }

        /// Whether these are fractions of one whole, a part for training among them.
        public var isComplete: Bool {
            [train, validation, test].allSatisfy { (0...1).contains($0) } && train > 0
                && abs(train + validation + test - 1) < 1e-6
        }
    }

    /// Absolute once a job is submitted.
    public var path: String
    public var format: Format
    /// Name of the column to learn.
    public var target: String
    /// Feature columns in order; empty: all but the target.
    public var features: [String]
    public var split: Split
    public var normalize: Normalization

    public init(
        path: String, format: Format = .csv, target: String, features: [String] = [], split: Split,
        normalize: Normalization = .none
    ) {
        self.path = path
        self.format = format
        self.target = target
        self.features = features
        self.split = split
        self.normalize = normalize
    }
}
