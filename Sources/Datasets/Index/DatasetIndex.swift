public import Digests

/// Where the rows of a data file are and what its columns hold: the result of one pass over it.
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
        /// Holds texts, each of which becomes an input of its own; otherwise numbers.
        public var isCategory: Bool
    }

    /// SHA-256 of the file, and its size.
    public var digest: ContentDigest
    public var bytes: Int
    /// Names in the header, in order.
    public var columns: [String]
    public var features: [Feature]
    /// Index of the target among the columns.
    public var target: Int
    /// In order of the file.
    public var rows: [Row]
    /// Names of the classes, in the order of their indices; empty for a target of numbers.
    public var classes: [String]
    /// Index of each row's class; empty for a target of numbers.
    public var rowClasses: [Int32]
}
