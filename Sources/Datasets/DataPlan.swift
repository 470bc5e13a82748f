public import Digests

/// What the workers need to know of the data: where each slice's rows come from and how to read them.
public struct DataPlan: Codable, Sendable, Equatable {
    /// A CSV file of its own in the coordinator's store: rows of the data file as they are there, without the header.
    public struct Shard: Codable, Sendable, Equatable {
        public var digest: ContentDigest
        public var bytes: Int
        public var rows: Int

        public init(digest: ContentDigest, bytes: Int, rows: Int) {
            self.digest = digest
            self.bytes = bytes
            self.rows = rows
        }
    }

    /// SHA-256 of the whole data file.
    public var digest: ContentDigest
    public var rows: Int
    /// How raw cells become numbers; fitted on the training part only.
    public var preprocessing: Preprocessing
    /// Rows of each part over all slices.
    public var trainingRows: Int
    public var validationRows: Int
    public var testRows: Int
    /// One shard per slice.
    public var training: [Shard]
    /// Empty where the split has no validation part.
    public var validation: [Shard]
    /// Empty where the split has no test part.
    public var test: [Shard]

    public init(
        digest: ContentDigest, rows: Int, preprocessing: Preprocessing, trainingRows: Int, validationRows: Int,
        testRows: Int, training: [Shard], validation: [Shard], test: [Shard]
    ) {
        self.digest = digest
        self.rows = rows
        self.preprocessing = preprocessing
        self.trainingRows = trainingRows
        self.validationRows = validationRows
        self.testRows = testRows
        self.training = training
        self.validation = validation
        self.test = test
    }
}
