public import Digests
import Foundation

/// A store as a cache: contents that can be fetched again, of which those used last are kept.
extension ContentStore {
    /// What a cache holds, and what was removed to keep it so.
    public struct Trimmed: Sendable, Equatable {
        public var bytes: Int
        public var contents: Int
        public var removed: Int
        /// What lay among the contents and was none, or could not be looked at or removed.
        public var obstacles: [StoreError] = []

        public init(bytes: Int = 0, contents: Int = 0, removed: Int = 0) {
            self.bytes = bytes
            self.contents = contents
            self.removed = removed
        }
    }

    /// Notes that the content is used; nothing happens if it is not there.
    public func touch(_ digest: ContentDigest) throws {
        let path = url(of: digest).path(percentEncoded: false)
        let now = clock.next()
        // Those of access and of modification.
        guard utimensat(AT_FDCWD, path, [now, now], 0) == 0 || errno == ENOENT else {
            throw StoredFile.failure("utimensat", path)
        }
    }

    /// Removes what lies among the contents and is none. For when nothing is written yet: another process, or thread, may
    /// put content in its place.
    public func clear(_ obstacles: [StoreError]) {
        for path in obstacles.compactMap(\.path) {
            // One that stays is found again.
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    /// Removes what was used longest ago until no more than `limit` bytes are left, the `kept` contents apart; asked for
    /// once it is known what there is.
    ///
    /// A file that is open or mapped while it is removed can be read to its end. Reads every folder.
    public func trim(to limit: Int, keeping kept: @autoclosure () -> Set<ContentDigest> = []) throws -> Trimmed {
        let listing = try listing()
        var uses = listing.contents
        for use in uses { clock.saw(use.used) }
        var result = Trimmed(bytes: uses.reduce(0) { $0 + $1.bytes }, contents: uses.count)
        result.obstacles = listing.obstacles
        guard result.bytes > limit else { return result }
        let kept = kept()
        // Where two were used in the same instant, by name: the same call removes the same.
        uses.sort { ($0.used.tv_sec, $0.used.tv_nsec, $0.name) < ($1.used.tv_sec, $1.used.tv_nsec, $1.name) }
        for use in uses where result.bytes > limit && !kept.contains(use.digest) {
            do {
                try remove(use.digest)
            } catch let obstacle as StoreError {
                result.obstacles.append(obstacle)
                continue
            }
            result.bytes -= use.bytes
            result.contents -= 1
            result.removed += 1
        }
        return result
    }
}

extension ContentStore.Listing.Entry {
    fileprivate var name: String { digest.description }
}

extension StoreError {
    /// What of the file system it is about.
    fileprivate var path: String? {
        switch self {
        case .fileSystem(_, let path, _), .obstacle(let path, _): path
        default: nil
        }
    }
}
