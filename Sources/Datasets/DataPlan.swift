public import Digests
import Explanations

/// What the workers need to know of the data: where each slice's rows come from and how to read them.
public struct DataPlan: Codable, Sendable, Equatable {
    /// A file of its own in the coordinator's store: rows of a table as they are there, without the header, or records
    /// of numbers.
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
    /// Different classes among the samples of these parts; nil where a sample has no class of its own.
    public var validationClasses: Int?
    public var testClasses: Int?
    /// What was done to the data, or seems odd; nil: nothing.
    public var notes: [Note]?

    public init(
        digest: ContentDigest, rows: Int, preprocessing: Preprocessing, trainingRows: Int, validationRows: Int,
        testRows: Int, training: [Shard], validation: [Shard], test: [Shard], validationClasses: Int? = nil,
        testClasses: Int? = nil, notes: [Note]? = nil
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
        self.validationClasses = validationClasses
        self.testClasses = testClasses
        self.notes = notes
    }
}

extension DataPlan {
    /// What does not stop a job but should be known.
    public struct Note: Codable, Sendable, Equatable, CustomStringConvertible {
        public enum Kind: String, Codable, Sendable {
            /// Rows of the validation or test part that are in the training part too.
            case leak
            case missing, duplicates
            case cutTexts = "cut_texts"
            /// Samples that have no class.
            case unlabelled
            /// Classes that the training part lacks.
            case unlearned
            /// What stands in a folder of pictures and is none.
            case emptyFolders = "empty_folders"
            case otherFiles = "other_files"
            /// A column of numbers that are not written as numbers are.
            case writtenNumbers = "written_numbers"
            /// A column of dates that nobody said holds dates.
            case writtenDates = "written_dates"
            /// A column whose numbers are closer together than 32-bit floats.
            case precision
            /// Columns that hold one value only.
            case constant
            /// A first line of numbers, which is taken for the names of columns.
            case header
            /// What follows an array in its file.
            case behindArray = "behind_array"
        }

        public var kind: Kind
        /// Rows that it is about.
        public var count: Int
        public var message: String
        /// The first few of them, and how many more there are.
        public var examples: [String]

        public init(kind: Kind, count: Int, message: String, examples: [String] = []) {
            self.kind = kind
            self.count = count
            self.message = message
            self.examples = examples
        }

        /// Some of the places that a note is about, and how many more there are.
        static func examples(_ shown: [String], of all: Int) -> [String] {
            all > shown.count ? shown + ["and \(all - shown.count) more"] : shown
        }

        public var description: String {
            "\(count) \(message)\(examples.isEmpty ? "" : ": \(examples.joined(separator: "; "))")".escapingControls()
        }
    }
}
