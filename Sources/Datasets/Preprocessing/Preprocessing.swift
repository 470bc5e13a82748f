import Explanations

/// How raw cells become the network's input and its outputs become labels, fitted on the training part only. Saved with
/// every model version, so training and serving cannot differ.
public struct Preprocessing: Codable, Sendable, Equatable {
    /// What a raw row is.
    public enum Form: Codable, Sendable, Equatable {
        /// Cells of a table, `window` rows of it one behind the other.
        case rows(window: Int)
        /// Numbers without names, such as a picture.
        case tensor(TensorEncoding)
        /// Texts that become token ids.
        case text(TextEncoding)
    }

    /// In the order in which a client gives them; none unless the raw row is one of a table.
    public var features: [Feature]
    /// The column to learn, the first of several.
    public var target: Target
    /// The other columns to learn: numbers, or labels of the same classes.
    public var furtherTargets: [Target]
    /// Columns of the data file and of each shard, features or not.
    public var fileColumns: Int
    /// For each input that a row of a table becomes: input = (raw - offset) / scale. 0 and 1 for category columns.
    public var offsets: [Double]
    public var scales: [Double]
    public var form: Form
    /// The column of dates or numbers that puts rows in order before windows are made of them; nil: their order in the file.
    public var order: String?
    /// Numbers to learn of one sample.
    public var targetCount: Int

    public init(
        features: [Feature], target: Target, furtherTargets: [Target] = [], fileColumns: Int, offsets: [Double],
        scales: [Double], form: Form = .rows(window: 1), targetCount: Int? = nil
    ) {
        let width = features.reduce(0) { $0 + $1.width }
        precondition(offsets.count == width && scales.count == width, "one offset and one scale per input")
        self.features = features
        self.target = target
        self.furtherTargets = furtherTargets
        self.fileColumns = fileColumns
        self.offsets = offsets
        self.scales = scales
        self.form = form
        self.targetCount = targetCount ?? 1 + furtherTargets.count
    }

    /// Inputs of the network: category columns count once per value.
    public var featureCount: Int {
        switch form {
        case .rows(let window): offsets.count * window
        case .tensor(let tensor): tensor.count
        case .text(let text): text.idCount
        }
    }

    /// Numbers of one raw row: what `encode(numbers:rows:into:)` takes.
    public var rawColumns: Int {
        switch form {
        case .rows(let window): features.count * window
        case .tensor(let tensor): tensor.count
        case .text(let text): text.idCount
        }
    }

    /// Texts of one raw row, as a client gives them: what `numbers(ofCell:at:into:)` takes.
    public var rawCells: Int {
        if case .text(let text) = form { text.cellCount } else { rawColumns }
    }

    /// Names of the cells of a raw row; of one of its rows, where it is a window of several; nil where they have none.
    public var cellNames: [String]? {
        switch form {
        case .rows: features.map(\.name)
        case .tensor: nil
        case .text(let text): text.cellNames
        }
    }

    /// A raw row is more than 32-bit numbers, so it has to be given as texts: it has categories, dates or texts in it,
    /// values that may be missing, or numbers that are closer together.
    public var takesTexts: Bool {
        if case .text = form { return true }
        return features.contains { $0.kind != .number || $0.fill != nil || $0.origin != nil }
    }

    /// Texts become other texts.
    public var translates: Bool {
        if case .text(let text) = form { text.begin != nil } else { false }
    }

    /// Whether the numbers of a sample without columns are bytes, as those of pictures are; nil where there are columns or
    /// texts, or where an earlier version did not write it down.
    public var learnsFromBytes: Bool? {
        if case .tensor(let tensor) = form { tensor.isOfBytes } else { nil }
    }

    public var hasCategories: Bool {
        features.contains(where: \.isCategory)
    }

    /// Whether a shard may hold rows of the table as they are, which a series of windows of one row does not; all others
    /// hold records of numbers.
    var canBeStoredAsTable: Bool { form == .rows(window: 1) && targetCount == targets.count }

    /// The columns to learn.
    var targets: [Target] { [target] + furtherTargets }
}

extension Preprocessing {
    /// Throws unless the parts fit each other: what is decoded may have been written by somebody else.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        features = try container.decode([Feature].self, forKey: .features)
        target = try container.decode(Target.self, forKey: .target)
        furtherTargets = try container.decodeIfPresent([Target].self, forKey: .furtherTargets) ?? []
        fileColumns = try container.decode(Int.self, forKey: .fileColumns)
        offsets = try container.decode([Double].self, forKey: .offsets)
        scales = try container.decode([Double].self, forKey: .scales)
        form = try container.decodeIfPresent(Form.self, forKey: .form) ?? .rows(window: 1)
        order = try container.decodeIfPresent(String.self, forKey: .order)
        targetCount = try container.decodeIfPresent(Int.self, forKey: .targetCount) ?? 1
        func refuse(_ key: CodingKeys, _ message: String) -> DecodingError {
            .dataCorruptedError(forKey: key, in: container, debugDescription: message)
        }
        let width = features.reduce(0) { $0 + $1.width }
        guard offsets.count == width, scales.count == width else {
            throw refuse(
                .offsets,
                "expected one offset and one scale for each of \(width) inputs, got \(offsets.count) and "
                    + "\(scales.count)")
        }
        switch form {
        case .rows(let window):
            let columns = features.map(\.column) + targets.map(\.column)
            guard columns.allSatisfy((0..<max(fileColumns, 0)).contains) else {
                throw refuse(.fileColumns, "a column lies outside of the \(fileColumns) columns of the file")
            }
            guard (1...Self.maximumCount).contains(window), window * max(width, 1) <= Self.maximumCount else {
                throw refuse(.form, "a window of \(window) rows")
            }
        case .tensor(let tensor):
            guard features.isEmpty, tensor.isSound else { throw refuse(.form, "the tensor's parts do not fit") }
        case .text(let text):
            guard features.isEmpty, text.isSound else { throw refuse(.form, "the text's parts do not fit") }
        }
        guard (1...Self.maximumCount).contains(targetCount) else {
            throw refuse(.targetCount, "\(targetCount) numbers to learn")
        }
    }

    /// More numbers than any sample has.
    static let maximumCount = 1 << 28
}

/// A cell that the model has no place for.
public struct CellError: Error, Equatable, CustomStringConvertible {
    public var column: String
    public var message: String

    public var description: String {
        (column.isEmpty ? message : "column '\(column)': \(message)").escapingControls()
    }
}
