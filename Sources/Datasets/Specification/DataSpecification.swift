/// The `data:` section of a job file.
public struct DataSpecification: Codable, Sendable, Equatable {
    public enum Format: String, Codable, Sendable, CaseIterable {
        /// A table, RFC 4180.
        case csv
        /// A table, one JSON object a line.
        case jsonl
        /// One NumPy array of features, and one of targets in a second file.
        case npy
        /// A NumPy archive that holds both arrays.
        case npz
        /// The format of MNIST: one file of features, one of labels, gzipped or not.
        case idx
        /// A folder of PNG and JPEG files, a folder for each class.
        case images
        /// Plain text, for a language model.
        case text

        /// Of data in a file of this name, gzipped or not; nil where the name does not say it.
        package init?(ofFile name: String) {
            let name = Self.unpacked(name)
            let endings: [(ending: String, format: Format)] = [
                (".csv", .csv), (".jsonl", .jsonl), (".ndjson", .jsonl), (".json", .jsonl), (".npy", .npy),
                (".npz", .npz),
            ]
            if let named = endings.first(where: { name.hasSuffix($0.ending) }) {
                self = named.format
            } else if name.hasSuffix("-ubyte"), name.contains("idx") {
                self = .idx
            } else {
                return nil
            }
        }

        /// Whether a file of this name, gzipped or not, is text for people to read, which may hold a table all the same.
        package static func isForReading(_ name: String) -> Bool {
            let name = unpacked(name)
            return name.hasSuffix(".txt") || name.hasSuffix(".text")
        }

        /// In lower case, without an ending for compression.
        private static func unpacked(_ name: String) -> String {
            let name = name.lowercased()
            return name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
        }
    }

    public enum Normalization: String, Codable, Sendable, CaseIterable {
        /// Values as they are.
        case none
        /// (x - mean) / standard deviation of the training split, per feature.
        case standard
        /// (x - min) / (max - min) of the training split, per feature.
        case minMax = "min_max"
        /// (x - median) / (third quartile - first quartile) of the training split, per feature.
        case robust
    }

    /// Absolute once a job is submitted.
    public var path: String
    public var format: Format
    /// The file that holds the targets, for formats that keep them apart.
    public var targetsPath: String?
    /// Names of the columns to learn; several for several outputs or a class for each position. Empty where the format has no names.
    public var targets: [String]
    /// Feature columns in order; empty: all but the targets.
    public var features: [String]
    public var split: Split
    public var normalize: Normalization
    public var cleaning: Cleaning
    /// What columns hold, where it is not what their cells look like.
    public var types: [String: ColumnType]
    /// How pictures become numbers; nil where there are none.
    public var images: ImageForm?
    /// How text becomes ids; nil where there is none.
    public var text: TextForm?
    /// Makes windows of consecutive rows; nil where every row is a sample.
    public var series: SeriesForm?
    /// Random changes to training samples; nil where there are none.
    public var augmentation: Augmentation?

    /// Whether the job has to name what is learned: the columns of a table have names, and a translation has its own.
    package var needsTarget: Bool { Self.needsTarget(format, text) }

    package static func needsTarget(_ format: Format, _ text: TextForm?) -> Bool {
        (format == .csv || format == .jsonl) && text?.use.isTranslation != true
    }

    public init(
        path: String, format: Format = .csv, target: String, features: [String] = [], split: Split,
        normalize: Normalization = .none
    ) {
        self.init(
            path: path, format: format, targets: target.isEmpty ? [] : [target], features: features, split: split,
            normalize: normalize)
    }

    public init(
        path: String, format: Format = .csv, targetsPath: String? = nil, targets: [String], features: [String] = [],
        split: Split, normalize: Normalization = .none, cleaning: Cleaning = Cleaning(),
        types: [String: ColumnType] = [:], images: ImageForm? = nil, text: TextForm? = nil, series: SeriesForm? = nil,
        augmentation: Augmentation? = nil
    ) {
        self.path = path
        self.format = format
        self.targetsPath = targetsPath
        self.targets = targets
        self.features = features
        self.split = split
        self.normalize = normalize
        self.cleaning = cleaning
        self.types = types
        self.images = images
        self.text = text
        self.series = series
        self.augmentation = augmentation
    }

    /// The only or first column to learn; empty where the format has no names.
    public var target: String { targets.first ?? "" }
}

extension DataSpecification {
    private enum FormerKeys: String, CodingKey { case target }

    /// Keys that came later may be missing: stored jobs and manifests outlive the version that wrote them.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let former = try decoder.container(keyedBy: FormerKeys.self)
        path = try container.decode(String.self, forKey: .path)
        format = try container.decode(Format.self, forKey: .format)
        targetsPath = try container.decodeIfPresent(String.self, forKey: .targetsPath)
        targets =
            try container.decodeIfPresent([String].self, forKey: .targets)
            ?? [former.decode(String.self, forKey: .target)]
        features = try container.decode([String].self, forKey: .features)
        split = try container.decode(Split.self, forKey: .split)
        normalize = try container.decode(Normalization.self, forKey: .normalize)
        cleaning = try container.decodeIfPresent(Cleaning.self, forKey: .cleaning) ?? Cleaning()
        types = try container.decodeIfPresent([String: ColumnType].self, forKey: .types) ?? [:]
        images = try container.decodeIfPresent(ImageForm.self, forKey: .images)
        text = try container.decodeIfPresent(TextForm.self, forKey: .text)
        series = try container.decodeIfPresent(SeriesForm.self, forKey: .series)
        augmentation = try container.decodeIfPresent(Augmentation.self, forKey: .augmentation)
    }
}
