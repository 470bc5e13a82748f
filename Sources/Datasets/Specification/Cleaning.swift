/// What is done about cells and rows that cannot be learned from as they are. Whatever has to be known for it is learned
/// from the training part only.
public struct Cleaning: Codable, Sendable, Equatable {
    /// What to do where a value is missing.
    public enum Missing: Codable, Sendable, Equatable {
        /// Refuses the data.
        case error
        /// Leaves the row out.
        case drop
        /// Fills in the mean; in a column of texts the most frequent one.
        case mean
        /// Fills in the median; in a column of texts the most frequent one.
        case median
        case mostFrequent
        case constant(String)
    }

    public enum Duplicates: String, Codable, Sendable, CaseIterable {
        case keep
        /// Keeps the first of rows that are equal in all columns that are used.
        case drop
    }

    /// Values beyond a bound are moved to it.
    public struct Bounds: Codable, Sendable, Equatable {
        public var low: Double
        public var high: Double

        public init(low: Double, high: Double) {
            self.low = low
            self.high = high
        }
    }

    /// For all columns that `columns` does not name.
    public var missing: Missing
    public var columns: [String: Missing]
    public var duplicates: Duplicates
    public var clip: [String: Bounds]

    public init(
        missing: Missing = .error, columns: [String: Missing] = [:], duplicates: Duplicates = .keep,
        clip: [String: Bounds] = [:]
    ) {
        self.missing = missing
        self.columns = columns
        self.duplicates = duplicates
        self.clip = clip
    }

    func rule(for column: String) -> Missing { columns[column] ?? missing }

    /// Where the job gives the rule for a column.
    func key(for column: String) -> [String] {
        ["data", "clean"] + (columns[column] == nil ? ["missing"] : ["columns", column])
    }
}

/// What a column holds.
public enum ColumnType: String, Codable, Sendable, CaseIterable {
    case number
    /// Texts, each an input of its own; a column of numbers such as postcodes can be one.
    case category
    /// Texts, the input is the index: for an embedding.
    case index
    /// ISO 8601 dates or times; the input is the number of days since 1970-01-01, in UTC.
    case date

    /// Whether its cells are texts, whatever they say.
    var isText: Bool {
        switch self {
        case .category, .index: true
        case .number, .date: false
        }
    }
}
