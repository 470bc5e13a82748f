package import Checkpoints
package import Datasets
package import Digests
import Foundation

/// Keeps shards as content of a store.
package struct StoredShards: ShardStore {
    private let store: ContentStore
    private let place: String

    /// What shards leave free on the disk, for checkpoints and for the coordinator's memory.
    private static let reserve = 256 << 20

    /// - Parameter place: what people know the store's folder as; nil: by its path.
    package init(_ store: ContentStore, place: String? = nil) {
        self.store = store
        self.place = place ?? store.root.path(percentEncoded: false)
    }

    package func room() throws -> ShardRoom? {
        ShardRoom(
            bytes: max(0, try store.freeBytes() - Self.reserve),
            place: "the disk of \(place), where \(Self.reserve >> 20) MiB stay free for checkpoints,",
            path: place)
    }

    package func keep(_ write: (ShardSink) throws -> Void) throws -> ContentDigest {
        try store.put(write)
    }
}
