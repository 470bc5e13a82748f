extension DataSpecification {
    /// Fractions of the rows; they add up to 1.
    public struct Split: Codable, Sendable, Equatable {
        public enum Order: Codable, Sendable, Equatable {
            /// Rows are dealt out at random, by the job's seed.
            case shuffled
            /// The first rows of the file are for training, the next for validation, the last for the test.
            case file
            /// The same in ascending order of a column of dates or numbers.
            case column(String)
        }

        /// What to do about rows that are in the training part and in another as well.
        public enum LeakAction: String, Codable, Sendable, CaseIterable {
            /// Goes on and says so in the plan.
            case warn
            /// Refuses the data.
            case error
            /// Takes them out of the other parts.
            case drop
        }

        public var train: Double
        public var validation: Double
        public var test: Double
        /// Each class keeps its share in every part.
        public var stratify: Bool
        public var order: Order
        public var onLeak: LeakAction

        public init(
            train: Double, validation: Double = 0, test: Double, stratify: Bool = false, order: Order = .shuffled,
            onLeak: LeakAction = .warn
        ) {
            self.train = train
            self.validation = validation
            self.test = test
            self.stratify = stratify
            self.order = order
            self.onLeak = onLeak
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.init(
                train: try container.decode(Double.self, forKey: .train),
                validation: try container.decode(Double.self, forKey: .validation),
                test: try container.decode(Double.self, forKey: .test),
                stratify: try container.decode(Bool.self, forKey: .stratify))
            order = try container.decodeIfPresent(Order.self, forKey: .order) ?? order
            onLeak = try container.decodeIfPresent(LeakAction.self, forKey: .onLeak) ?? onLeak
        }

        /// Whether these are fractions of one whole, a part for training among them.
        public var isComplete: Bool {
            [train, validation, test].allSatisfy { (0...1).contains($0) } && train > 0
                && abs(train + validation + test - 1) < 1e-6
        }
    }
}
