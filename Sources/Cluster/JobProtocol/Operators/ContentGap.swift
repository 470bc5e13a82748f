package import Checkpoints
package import Digests

/// A content that the state refers to and that the store does not hold as it should.
package struct ContentGap: Codable, Sendable, Equatable, CustomStringConvertible {
    package enum Problem: String, Codable, Sendable {
        case missing, unreadable, damaged
    }

    package var digest: ContentDigest
    package var problem: Problem
    /// Such as `digits:1` and `digits-7`; empty where nothing refers to it.
    package var neededBy: [String]

    package var description: String {
        let users = neededBy.isEmpty ? "nothing needs it" : "\(neededBy.joined(separator: ", ")) cannot do without it"
        return "content \(digest) is \(problem.rawValue): \(users)"
    }

    /// All of them on one line, as far as anyone reads it.
    package static func words(_ gaps: [ContentGap]) -> String {
        let shown = gaps.prefix(20).map(\.description).joined(separator: "; ")
        return gaps.count > 20 ? "\(shown); and \(gaps.count - 20) more" : shown
    }

    /// What to do about some of them.
    package static func remedy(_ gaps: [ContentGap]) -> String {
        var ways: [String] = []
        if gaps.contains(where: { $0.neededBy.isEmpty }) { ways.append("`martlet gc` removes what nothing needs") }
        if gaps.contains(where: { !$0.neededBy.isEmpty }) {
            ways.append(
                "train again what needs it, from the same job file and data: data and weights come out as the same bytes and "
                    + "are stored anew, of a version that lacks its manifest there is a new one to promote instead; or put a "
                    + "backup back (`martlet cluster restore`); or delete what needs it (`martlet model delete`, "
                    + "`martlet job cancel`)")
        }
        return ways.joined(separator: "; ")
    }
}

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

extension ContentStore {
    /// What of these contents is not there, or not as long as it should be; none is read. Blocks on the disk.
    package func gaps(in needs: [ContentDigest: ContentNeed]) -> [ContentGap] {
        let empty = ContentDigest(of: [])
        return needs.sorted { $0.key.description < $1.key.description }.compactMap { digest, need in
            guard contains(digest) else { return ContentGap(digest: digest, problem: .missing, neededBy: need.users) }
            guard let bytes = try? size(of: digest) else {
                return ContentGap(digest: digest, problem: .unreadable, neededBy: need.users)
            }
            let isWhole = need.bytes.map { $0 == bytes } ?? (bytes > 0 || digest == empty)
            return isWhole ? nil : ContentGap(digest: digest, problem: .damaged, neededBy: need.users)
        }
    }

    package func isReadable(_ digest: ContentDigest) -> Bool { (try? size(of: digest)) != nil }

    /// The same, and whether each content that is there, needed or not, has the bytes that its digest says. Reads all of
    /// it: blocks for long.
    package func gapsByReading(in needs: [ContentDigest: ContentNeed]) throws -> [ContentGap] {
        var gaps = gaps(in: needs)
        let known = Set(gaps.map(\.digest))
        for content in try listing().contents where !known.contains(content.digest) {
            do {
                try verify(content.digest)
            } catch {
                gaps.append(
                    ContentGap(
                        digest: content.digest, problem: .damaged, neededBy: needs[content.digest]?.users ?? []))
            }
        }
        return gaps
    }
}
