import Checkpoints
import Digests
import Foundation
import Synchronization

/// Which contents of a store are what their digests say, and not only called so: half a file that a disk or somebody
/// left in its place is none.
///
/// Each is hashed once, and again where its file has changed since. Blocks on the disk.
final class SoundContents: Sendable {
    /// What a file looks like from outside: another one, or one that was written to, looks different.
    private struct Stamp: Equatable {
        var file: UInt64
        var bytes: Int
        var seconds: Int
        var nanoseconds: Int

        /// Nil where there is no file.
        init?(of url: URL) {
            var status = stat()
            guard stat(url.path(percentEncoded: false), &status) == 0 else { return nil }
            file = UInt64(status.st_ino)
            bytes = Int(status.st_size)
            (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
        }
    }

    private let store: ContentStore
    private let known = Mutex<[ContentDigest: Stamp]>([:])

    init(of store: ContentStore) {
        self.store = store
    }

    /// False too where it cannot be read: then it is worth writing again.
    func contains(_ digest: ContentDigest) -> Bool {
        let stamp = Stamp(of: store.url(of: digest))
        if let stamp, known.withLock({ $0[digest] }) == stamp { return true }
        let isSound = stamp != nil && (try? store.verify(digest)) != nil
        known.withLock { $0[digest] = isSound ? stamp : nil }
        return isSound
    }

    /// It was hashed on its way into the store.
    func wasStored(_ digest: ContentDigest) {
        known.withLock { $0[digest] = Stamp(of: store.url(of: digest)) }
    }

    func wasRemoved(_ digest: ContentDigest) {
        known.withLock { $0[digest] = nil }
    }
}
