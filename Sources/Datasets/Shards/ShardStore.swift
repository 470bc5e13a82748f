public import Digests

/// Where the shards of a plan go. They come piece by piece, so a shard may be larger than memory.
public protocol ShardStore {
    /// What it has room for; nil: as much as there is.
    func room() throws -> ShardRoom?
    /// Keeps the pieces that `write` hands over as one shard, and returns the digest of the whole.
    func keep(_ write: (ShardSink) throws -> Void) throws -> ContentDigest
}

/// Takes the next piece of a shard.
public typealias ShardSink = (UnsafeRawBufferPointer) throws -> Void

/// Bytes that shards may take, and where.
public struct ShardRoom: Sendable, Equatable {
    public var bytes: Int
    /// For messages.
    public var place: String
    /// What is too small, and not the data, where the shards have no room; nil: nothing that has a name.
    public var path: String?

    public init(bytes: Int, place: String, path: String? = nil) {
        self.bytes = bytes
        self.place = place
        self.path = path
    }
}

/// Keeps nothing: for those who only want to know whether shards can be made.
public struct DiscardedShards: ShardStore {
    public init() {}

    public func room() -> ShardRoom? { nil }

    public func keep(_ write: (ShardSink) throws -> Void) throws -> ContentDigest {
        var hash = SHA256()
        try write { hash.update($0) }
        return hash.finalize()
    }
}

/// Gives each shard as a whole to a function that returns its digest: for data that fits into memory.
struct WholeShards: ShardStore {
    let store: ([UInt8]) throws -> ContentDigest

    func room() -> ShardRoom? { nil }

    func keep(_ write: (ShardSink) throws -> Void) throws -> ContentDigest {
        var bytes: [UInt8] = []
        try write { bytes.append(contentsOf: $0) }
        return try store(bytes)
    }
}
