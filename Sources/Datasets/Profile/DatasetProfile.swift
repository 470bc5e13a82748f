/// What a data file holds, column by column, to be looked at before anything is learned from it.
public struct DatasetProfile: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable {
        case number, text, date
        /// Numbers and texts.
        case mixed
        /// No value at all.
        case empty
    }

    public struct Quantile: Codable, Sendable, Equatable {
        public var share: Double
        public var value: Double
    }

    /// Bins of one width from the smallest value to the largest.
    public struct Histogram: Codable, Sendable, Equatable {
        public var low: Double
        public var high: Double
        public var counts: [Int]
    }

    public struct Frequency: Codable, Sendable, Equatable {
        public var value: String
        public var count: Int
    }

    /// Of the numbers of a column.
    public struct Numbers: Codable, Sendable, Equatable {
        public var count: Int
        public var mean: Double
        /// Divided by the count.
        public var deviation: Double
        public var minimum: Double
        public var maximum: Double
        public var quantiles: [Quantile]
        /// Whether the quantiles are exact: up to 100,000 numbers; of more they are those of a t-digest.
        public var isExact: Bool
        public var histogram: Histogram
    }

    public struct Column: Codable, Sendable, Equatable {
        public var name: String
        public var kind: Kind
        /// Cells with a value.
        public var count: Int
        public var missing: Int
        /// Different values; nil: more than were counted.
        public var distinct: Int?
        public var numbers: Numbers?
        /// The most frequent texts, the first of equally frequent ones by their bytes.
        public var top: [Frequency]
    }

    /// Pearson's, of the rows in which both columns have a number.
    public struct Correlations: Codable, Sendable, Equatable {
        public var names: [String]
        /// Nil where a column does not vary.
        public var values: [[Double?]]
    }

    public var file: String
    public var format: DataSpecification.Format
    public var bytes: Int
    /// SHA-256.
    public var digest: String
    public var rows: Int
    public var columns: [Column]
    /// Nil without at least two columns of numbers; of the first ones, if they are many.
    public var correlations: Correlations?
    /// What is wrong or was left out.
    public var notes: [String]

    /// The shares whose quantiles are told.
    public static let shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]
}
