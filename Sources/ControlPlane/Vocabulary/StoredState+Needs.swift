import Checkpoints
import JobProtocol
package import Digests

/// Who needs a content, and what is known of it.
package struct ContentNeed: Sendable, Equatable {
    package var users: [String] = []
    package var bytes: Int?
}

extension StoredState {
    /// All contents that versions and jobs refer to.
    package var needs: [ContentDigest: ContentNeed] {
        var needs: [ContentDigest: ContentNeed] = [:]
        func need(_ digest: ContentDigest, _ user: String, bytes: Int? = nil) {
            needs[digest, default: ContentNeed()].users.append(user)
            if let bytes { needs[digest]?.bytes = bytes }
        }
        for version in versions {
            let name = "\(version.name):\(version.version)"
            need(version.manifest, name)
            for file in version.details.files { need(file.digest, name, bytes: file.bytes) }
        }
        for job in jobs {
            for shard in plans[job.id]?.shardDigests ?? [] { need(shard, job.id) }
            if let start = job.start { need(start.model, job.id) }
            guard let checkpoint = job.checkpoint else { continue }
            for digest in Set([checkpoint.model, checkpoint.optimizer, checkpoint.best]) { need(digest, job.id) }
        }
        return needs
    }
}
