import Checkpoints
import Digests
import Explanations
import Foundation
import Logging
import Synchronization
import Threads

/// The contents that a worker or an inference node has fetched, up to a limit.
///
/// What a generation or a version needs must be there while it is read, so nothing is removed on the way: the cache is
/// brought below its limit at the start of the process and whenever a piece of work is over. It may hold more meanwhile,
/// by what that work needs.
final class NodeCache: Sendable {
    let store: ContentStore
    private let limit: Int
    private let logger: Logger
    private let state: Mutex<CacheReport>

    /// Opens it, and brings it below its limit. Blocks on the disk. Throws `StoreError`, or what the file system says.
    init(in folder: URL, limit: Int, logger: Logger) throws {
        store = try ContentStore(root: folder.appending(path: "cache"))
        self.limit = limit
        self.logger = logger
        let trimmed = try store.trim(to: limit)
        state = Mutex(CacheReport(bytes: trimmed.bytes, limit: limit, evictions: trimmed.removed))
    }

    /// For heartbeats.
    var report: CacheReport { state.withLock { $0 } }

    /// Brings the cache below its limit, now that a piece of work is over.
    func settle() async {
        do {
            let trimmed = try await NamedThread.run("cache") { [store, limit] in try store.trim(to: limit) }
            state.withLock {
                $0.bytes = trimmed.bytes
                $0.evictions += trimmed.removed
            }
            if trimmed.removed > 0 {
                logger.info(
                    "removed from the cache what was used longest ago",
                    metadata: ["contents": "\(trimmed.removed)", "bytes": "\(trimmed.bytes)", "limit": "\(limit)"])
            }
        } catch {
            logger.error("the cache was not kept below its limit", metadata: ["reason": "\(error.explanation)"])
        }
    }

    /// Whether the content is here and is what its digest says; notes that it is used. Every byte of it is read and
    /// hashed, in pieces: whoever takes content into use asks once, so that nothing is computed from what a disk or
    /// somebody has changed.
    ///
    /// What is damaged, or cannot be read, is forgotten: to whoever fetches contents it was never here. Blocks on the
    /// disk. Throws `StoreError` when it cannot be forgotten.
    func holds(_ digest: ContentDigest) throws -> Bool {
        do {
            try store.verify(digest)
            try store.touch(digest)
            return true
        } catch StoreError.notFound {
            return false
        } catch let damage as StoreError {
            try store.remove(digest)
            state.withLock { $0.damaged = ($0.damaged ?? 0) + 1 }
            logger.warning(
                "content of the cache was damaged: it is fetched again",
                metadata: ["digest": "\(digest.short)", "reason": "\(damage)"])
            return false
        }
    }
}
