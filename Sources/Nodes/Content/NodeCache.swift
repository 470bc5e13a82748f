import ClusterProtocol
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
/// by what that work needs, and what other work does that goes on.
final class NodeCache: Sendable {
    let store: ContentStore
    /// Where fetched content is written.
    let disk = WorkThread(name: "content", limit: 16)
    private let limit: Int
    private let logger: Logger
    private let state: Mutex<CacheReport>
    /// What work under way needs, and how many pieces of it.
    private let needed = Mutex<[ContentDigest: Int]>([:])
    /// Nobody is told that a content is here while some are removed.
    private let removal = Mutex<Void>(())

    /// Opens it, and brings it below its limit. Blocks on the disk. Throws `StoreError`, or what the file system says.
    init(in folder: URL, limit: Int, logger: Logger) throws {
        store = try ContentStore(root: folder.appending(path: "cache"))
        self.limit = limit
        self.logger = logger
        let trimmed = try store.trim(to: limit)
        state = Mutex(CacheReport(bytes: trimmed.bytes, limit: limit, evictions: trimmed.removed))
        note(trimmed.obstacles)
        store.clear(trimmed.obstacles)
    }

    /// For heartbeats.
    var report: CacheReport { state.withLock { $0 } }

    /// A piece of work is about to fetch, or to look for, contents that must stay until it gives them back.
    func need(_ digests: Set<ContentDigest>) {
        needed.withLock { needed in
            for digest in digests { needed[digest, default: 0] += 1 }
        }
    }

    func giveBack(_ digests: Set<ContentDigest>) {
        needed.withLock { needed in
            for digest in digests {
                let count = needed[digest, default: 0] - 1
                needed[digest] = count > 0 ? count : nil
            }
        }
    }

    /// Brings the cache below its limit, now that a piece of work is over.
    func settle() async {
        do {
            let trimmed = try await NamedThread.run("cache") { [self] in
                try removal.withLock { _ in
                    try store.trim(to: limit, keeping: Set(needed.withLock { $0.keys }))
                }
            }
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
    /// disk.
    func holds(_ digest: ContentDigest) -> Bool {
        do {
            try removal.withLock { _ in
                try store.verify(digest)
                try store.touch(digest)
            }
            return true
        } catch StoreError.notFound {
            return false
        } catch {
            note([error])
            do {
                try store.remove(digest)
            } catch {
                // It is written over when it is fetched, or that says what is in the way.
                logger.warning(
                    "damaged content cannot be removed from the cache", metadata: ["reason": "\(error.explanation)"])
            }
            return false
        }
    }

    /// Counts and logs what was not as it should be: it is fetched again when it is needed.
    private func note(_ damage: [any Error]) {
        guard !damage.isEmpty else { return }
        state.withLock { $0.damaged = ($0.damaged ?? 0) + damage.count }
        for reason in damage {
            logger.warning(
                "content of the cache was damaged: it is fetched again",
                metadata: ["reason": "\(reason.explanation)"])
        }
    }
}
