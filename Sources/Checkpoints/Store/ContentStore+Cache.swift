public import Digests
internal import Foundation

/// A store as a cache: contents that can be fetched again, of which those used last are kept.
extension ContentStore {
    /// What a cache holds, and what was removed to keep it so.
    public struct Trimmed: Sendable, Equatable {
        public var bytes: Int
        public var contents: Int
        public var removed: Int

        public init(bytes: Int = 0, contents: Int = 0, removed: Int = 0) {
            self.bytes = bytes
            self.contents = contents
            self.removed = removed
        }
    }

    /// Notes that the content is used; nothing happens if it is not there.
    public func touch(_ digest: ContentDigest) throws {
        let path = url(of: digest).path(percentEncoded: false)
        guard utimensat(AT_FDCWD, path, nil, 0) == 0 || errno == ENOENT else {
            throw StoredFile.failure("utimensat", path)
        }
    }

    /// Removes what was used longest ago until no more than `limit` bytes are left, the `kept` contents apart; asked for
    /// once it is known what there is.
    ///
    /// A file that is open or mapped while it is removed can be read to its end. Reads every folder.
    public func trim(to limit: Int, keeping kept: @autoclosure () -> Set<ContentDigest> = []) throws -> Trimmed {
        var uses = try contents().compactMap { try use(of: $0) }
        var result = Trimmed(bytes: uses.reduce(0) { $0 + $1.bytes }, contents: uses.count)
        guard result.bytes > limit else { return result }
        let kept = kept()
        // Where two were used in the same instant, by name: the same call removes the same.
        uses.sort { ($0.time.tv_sec, $0.time.tv_nsec, $0.name) < ($1.time.tv_sec, $1.time.tv_nsec, $1.name) }
        for use in uses where result.bytes > limit && !kept.contains(use.digest) {
            try remove(use.digest)
            result.bytes -= use.bytes
            result.contents -= 1
            result.removed += 1
        }
        return result
    }

    private struct Use {
        var digest: ContentDigest
        var bytes: Int
        var time: timespec
        var name: String { digest.description }
    }

    /// Nil when it was removed meanwhile.
    private func use(of digest: ContentDigest) throws -> Use? {
        let path = url(of: digest).path(percentEncoded: false)
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw StoredFile.failure("stat", path) }
            return nil
        }
        return Use(digest: digest, bytes: Int(status.st_size), time: status.st_mtim)
    }
}
