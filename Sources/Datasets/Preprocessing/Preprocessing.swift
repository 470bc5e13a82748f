/// How raw cells become the network's input and its outputs become labels, fitted on the training part only. Saved with
/// every model version, so training and serving cannot differ.
public struct Preprocessing: Codable, Sendable, Equatable {
    /// A column of the data file that the model learns from.
    public struct Feature: Codable, Sendable, Equatable {
        public enum Kind: Codable, Sendable, Equatable {
            case number
            /// One input per value, 1 where the cell holds it and 0 elsewhere. The values that the training part
            /// holds, in ascending order of their UTF-8 bytes.
            case category([String])
        }

        public var name: String
        /// Index among the file's columns.
        public var column: Int
        public var kind: Kind

        public init(name: String, column: Int, kind: Kind) {
            self.name = name
            self.column = column
            self.kind = kind
        }

        /// Inputs of the network that the column becomes.
        public var width: Int {
            switch kind {
            case .number: 1
            case .category(let values): values.count
            }
        }
    }

    /// The column to learn.
    public struct Target: Codable, Sendable, Equatable {
        public enum Kind: Codable, Sendable, Equatable {
            case number
            /// The index of a class is its place here: ascending as numbers if all are numbers, else by UTF-8 bytes.
            case classes([String])
        }

        public var name: String
        /// Index among the file's columns.
        public var column: Int
        public var kind: Kind

        public init(name: String, column: Int, kind: Kind) {
            self.name = name
            self.column = column
            self.kind = kind
        }
    }

    /// In the order in which a client gives them.
    public var features: [Feature]
    public var target: Target
    /// Columns of the data file and of each shard, features or not.
    public var fileColumns: Int
    /// For each input of the network: input = (raw - offset) / scale. 0 and 1 for the inputs of category columns.
    public var offsets: [Double]
    public var scales: [Double]

    public init(features: [Feature], target: Target, fileColumns: Int, offsets: [Double], scales: [Double]) {
        let width = features.reduce(0) { $0 + $1.width }
        precondition(offsets.count == width && scales.count == width, "one offset and one scale per input")
        self.features = features
        self.target = target
        self.fileColumns = fileColumns
        self.offsets = offsets
        self.scales = scales
    }

    /// Inputs of the network: category columns count once per value.
    public var featureCount: Int { offsets.count }
    /// Cells of one raw row, as a client gives them.
    public var rawColumns: Int { features.count }
    public var hasCategories: Bool {
        features.contains { $0.kind != .number }
    }
}

extension Preprocessing {
    /// Throws unless the parts fit each other: what is decoded may have been written by somebody else.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        features = try container.decode([Feature].self, forKey: .features)
        target = try container.decode(Target.self, forKey: .target)
        fileColumns = try container.decode(Int.self, forKey: .fileColumns)
        offsets = try container.decode([Double].self, forKey: .offsets)
        scales = try container.decode([Double].self, forKey: .scales)
        let width = features.reduce(0) { $0 + $1.width }
        guard offsets.count == width, scales.count == width else {
            throw DecodingError.dataCorruptedError(
                forKey: .offsets, in: container,
                debugDescription: "expected one offset and one scale for each of \(width) inputs, got "
                    + "\(offsets.count) and \(scales.count)")
        }
        let columns = features.map(\.column) + [target.column]
        guard columns.allSatisfy((0..<max(fileColumns, 0)).contains) else {
            throw DecodingError.dataCorruptedError(
                forKey: .fileColumns, in: container,
                debugDescription: "a column lies outside of the \(fileColumns) columns of the file")
        }
    }
}

/// A cell that the model has no place for.
public struct CellError: Error, Equatable, CustomStringConvertible {
    public var column: String
    public var message: String

    public var description: String { "column '\(column)': \(message)" }
}
