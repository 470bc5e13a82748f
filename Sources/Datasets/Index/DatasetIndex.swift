public import Digests

/// Where the rows of a table are and what its columns hold: the result of one pass over it.
public struct DatasetIndex: Sendable, Equatable {
    /// One row's bytes in the file, without the line end.
    public struct Row: Sendable, Equatable {
        public var offset: Int
        public var length: Int32
        /// From 1, the header included.
        public var line: Int32
    }

    public struct Feature: Sendable, Equatable {
        public var name: String
        /// Index among the file's columns.
        public var column: Int
        public var type: ColumnType
        /// Its numbers are closer together than 32-bit floats, and keep their differences less one of them.
        var needsOrigin = false

        /// Holds texts, each of which becomes an input of its own or an index; otherwise numbers.
        public var isCategory: Bool { type == .category || type == .index }
    }

    /// SHA-256 of the file, and its size.
    public var digest: ContentDigest
    public var bytes: Int
    /// Names in the header, in order.
    public var columns: [String]
    public var features: [Feature]
    /// Indices of the targets among the columns.
    public var targets: [Int]
    /// In order of the file; without those that cleaning left out.
    public var rows: [Row]
    /// Names of the classes, in the order of their indices; empty for a target of numbers.
    public var classes: [String]
    /// Index of each row's class; empty for a target of numbers.
    public var rowClasses: [Int32]
    /// Tells equal rows, by the columns that are used.
    var fingerprints: [Fingerprint]
    /// What the rows are ordered by; empty unless a split asks for an order.
    var orderKeys: [Double]
    /// What was done to the data, or seems odd.
    var notes: [DataPlan.Note] = []
    /// The one number to learn is the same in all of several rows.
    var targetIsConstant = false
}
