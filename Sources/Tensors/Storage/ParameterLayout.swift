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

        public var range: Range<Int> { offset..<offset + count }
    }

    /// In order of offset.
    public private(set) var entries: [Entry] = []
    /// Floats of the flat buffer, with the padding.
    public private(set) var count = 0

    /// Floats that are learned: the padding left out.
    public var parameterCount: Int { entries.reduce(0) { $0 + $1.count } }

    public init() {}

    /// Puts a parameter behind those that are there already.
    public mutating func append(name: String, shape: Shape) {
        entries.append(Entry(name: name, shape: shape.dimensions, offset: count, count: shape.count))
        count += (shape.count + Self.alignment - 1) / Self.alignment * Self.alignment
    }

    public func entry(named name: String) -> Entry? {
        entries.first { $0.name == name }
    }
}
