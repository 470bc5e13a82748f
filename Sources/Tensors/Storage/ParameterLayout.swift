/// Where each parameter of a model lies in its one flat buffer of floats.
///
/// Gradients and optimizer states have the same layout, so an all-reduce bucket, an optimizer's shard and a checkpoint's
/// tensor are plain ranges. The padding between parameters is zero in all of them.
public struct ParameterLayout: Codable, Sendable, Equatable {
    /// Floats; each parameter starts at a multiple of this, a cache line.
    public static let alignment = FloatBuffer.alignment / MemoryLayout<Float>.stride

    public struct Entry: Codable, Sendable, Equatable {
        /// The key of PyTorch's `state_dict`, such as `0.weight`.
        public let name: String
        public let shape: [Int]
        /// Floats from the start of the flat buffer.
        public let offset: Int
        /// Floats, without the padding behind them.
        public let count: Int
        /// False for running statistics, such as the means of a batch normalisation: saved with the model and moved by
        /// each step, but not by the optimizer. What lies in their place of the gradients is what a slice of a batch
        /// adds to them.
        public let isLearned: Bool

        public var range: Range<Int> { offset..<offset + count }
    }

    /// In order of offset.
    public private(set) var entries: [Entry] = []
    /// Floats of the flat buffer, with the padding.
    public private(set) var count = 0
    /// By name, the index of the first entry that has it.
    private var indices: [String: Int] = [:]

    /// Floats that are learned: the padding and running statistics left out.
    public var parameterCount: Int { entries.reduce(0) { $0 + ($1.isLearned ? $1.count : 0) } }

    /// Offsets at which the buffer may be cut into buckets: where an entry begins, but not between running statistics,
    /// which are moved together.
    public var boundaries: [Int] {
        entries.indices.filter { $0 == 0 || entries[$0].isLearned || entries[$0 - 1].isLearned }
            .map { entries[$0].offset }
    }

    public init() {}

    /// Puts a parameter behind those that are there already.
    public mutating func append(name: String, shape: Shape, isLearned: Bool = true) {
        indices[name] = indices[name] ?? entries.count
        entries.append(
            Entry(name: name, shape: shape.dimensions, offset: count, count: shape.count, isLearned: isLearned))
        count += (shape.count + Self.alignment - 1) / Self.alignment * Self.alignment
    }

    public func entry(named name: String) -> Entry? {
        indices[name].map { entries[$0] }
    }

    private enum CodingKeys: CodingKey {
        case entries, count
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        entries = try container.decode([Entry].self, forKey: .entries)
        count = try container.decode(Int.self, forKey: .count)
        indices = Dictionary(entries.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }
}
