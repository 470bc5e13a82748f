extension Preprocessing {
    /// A column of the data file that the model learns from.
    public struct Feature: Codable, Sendable, Equatable {
        public enum Kind: Codable, Sendable, Equatable {
            case number
            /// One input per value, 1 where the cell holds it and 0 elsewhere. The values that the training part
            /// holds, in ascending order of their UTF-8 bytes.
            case category([String])
            /// One input, the index among these values, which are as those of a category.
            case index([String])
            /// Days since 1970-01-01.
            case date
        }

        public var name: String
        /// Index among the file's columns.
        public var column: Int
        public var kind: Kind
        /// Stands for a missing value: a number less the origin, or the index of a text. Nil: a missing value is an error.
        public var fill: Double?
        /// Subtracted from each number in double precision before it is rounded to 32 bits, where numbers are closer
        /// together than 32-bit floats; nil: 0.
        public var origin: Double?
        /// Values beyond these are moved to them.
        public var bounds: Cleaning.Bounds?

        public init(
            name: String, column: Int, kind: Kind, fill: Double? = nil, bounds: Cleaning.Bounds? = nil,
            origin: Double? = nil
        ) {
            self.name = name
            self.column = column
            self.kind = kind
            self.fill = fill
            self.bounds = bounds
            self.origin = origin
        }

        /// Inputs of the network that the column becomes.
        public var width: Int {
            if case .category(let values) = kind { values.count } else { 1 }
        }

        var isCategory: Bool {
            switch kind {
            case .category, .index: true
            case .number, .date: false
            }
        }
    }

    /// A column to learn.
    public struct Target: Codable, Sendable, Equatable {
        public enum Kind: Codable, Sendable, Equatable {
            case number
            /// The index of a class is its place here: ascending as numbers if all are numbers, else by UTF-8 bytes.
            case classes([String])
            /// Ids of a tokenizer.
            case tokens
        }

        public var name: String
        /// Index among the file's columns.
        public var column: Int
        public var kind: Kind
        /// Whether the classes are texts, of which `1` and `01` are two; nil: they are numbers where they look like it.
        public var classesAreTexts: Bool?

        public init(name: String, column: Int, kind: Kind, classesAreTexts: Bool? = nil) {
            self.name = name
            self.column = column
            self.kind = kind
            self.classesAreTexts = classesAreTexts
        }
    }
}
