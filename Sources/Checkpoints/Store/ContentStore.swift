public import Digests
public import Foundation

/// Files by the SHA-256 of their content: model weights, manifests, shards of data.
///
/// A file is written beside, under `staging/`, synced, and moved to `objects/` by one rename; then the folder is synced.
/// So whatever moment the process or the machine dies at, each file under `objects/` is whole, and what was there
/// before is untouched. What is left under `staging/` is removed at the next start; therefore one process owns a store,
/// and opens it once. All calls block on the disk.
public struct ContentStore: Sendable {
    /// What a store takes, so that a peer cannot fill memory or disk without end.
    public struct Limits: Sendable {
        public var uploadBytes: Int
        public var uploads: Int

        public init(uploadBytes: Int = 64 << 30, uploads: Int = 64) {
            self.uploadBytes = uploadBytes
            self.uploads = uploads
        }
    }

    public let root: URL
    public let limits: Limits
    let clock = UseClock()
    var objects: URL { root.appending(path: "objects") }
    var staging: URL { root.appending(path: "staging") }

    /// Opens the store, makes its folders if they are not there, and removes what a crash left under `staging/`.
    ///
    /// - Parameter keepingUploads: leaves uploads that were under way, for senders that go on where they were: what was
    ///   written of them is still there after a crash of this process, and checked by `commit`.
    public init(root: URL, limits: Limits = Limits(), keepingUploads: Bool = false) throws {
        self.root = root
        self.limits = limits
        try Self.makeFolder(objects)
        try Self.makeFolder(staging)
        for name in try Self.names(in: staging) where !(keepingUploads && name.hasPrefix(Self.uploadPrefix)) {
            // What cannot be removed is in nobody's way: everything that is staged has a name of its own.
            try? FileManager.default.removeItem(at: staging.appending(path: name))
        }
        try StoredFile.synchronize(folder: root)
    }

    /// A store that another process has opened: for reading what is there.
    public init(openedElsewhere root: URL) {
        self.root = root
        limits = Limits()
    }

    /// Where the content is, or would be.
    public func url(of digest: ContentDigest) -> URL {
        let name = digest.description
        return objects.appending(path: String(name.prefix(2))).appending(path: String(name.dropFirst(2)))
    }

    /// Whether there is a file for it, whatever is in that.
    public func contains(_ digest: ContentDigest) -> Bool {
        var status = stat()
        return stat(url(of: digest).path(percentEncoded: false), &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Bytes of the content. Throws `StoreError.notFound`.
    public func size(of digest: ContentDigest) throws -> Int {
        try open(digest).size()
    }

    /// Stores bytes and returns their digest. Content that is there already, undamaged, is left as it is.
    public func put(_ bytes: UnsafeRawBufferPointer) throws -> ContentDigest {
        let digest = ContentDigest(of: bytes)
        if isIntact(digest) { return digest }
        return try stage {
            try $0.write(bytes, at: 0)
        } commit: {
            digest
        }
    }

    /// Stores bytes and returns their digest. Content that is there already, undamaged, is left as it is.
    public func put(_ bytes: [UInt8]) throws -> ContentDigest {
        try bytes.withUnsafeBytes { try put($0) }
    }

    /// Stores a copy of a file and returns its digest; read once, in pieces.
    public func put(file source: URL) throws -> ContentDigest {
        let source = try StoredFile(reading: source)
        var digest: ContentDigest?
        return try stage { target in
            digest = try Self.forEachPiece(of: source) { try target.write($0, at: $1) }
        } commit: {
            digest!
        }
    }

    /// Stores what `write` hands over piece by piece, and returns the digest of the whole.
    public func put(_ write: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void) throws -> ContentDigest {
        var digest: ContentDigest?
        return try stage { file in
            var hash = SHA256()
            var offset = 0
            try write { piece in
                hash.update(piece)
                try file.write(piece, at: offset)
                offset += piece.count
            }
            digest = hash.finalize()
        } commit: {
            digest!
        }
    }

    /// Takes content over from another store on the same file system, in one step and without a copy.
    public func adopt(_ digest: ContentDigest, from other: ContentStore) throws {
        try commit(try other.open(digest), at: other.url(of: digest), as: digest)
    }

    /// Bytes that the disk has left for whoever writes here.
    public func freeBytes() throws -> Int {
        var status = statvfs()
        let path = root.path(percentEncoded: false)
        guard statvfs(path, &status) == 0 else { throw StoredFile.failure("statvfs", path) }
        let (free, overflow) = Int(status.f_bavail).multipliedReportingOverflow(by: Int(status.f_frsize))
        return overflow ? .max : free
    }

    /// Throws `StoreError.corrupted` unless the content is what the digest says, `.notFound` if it is not there.
    public func verify(_ digest: ContentDigest) throws {
        let found = try Self.forEachPiece(of: try open(digest)) { _, _ in }
        guard found == digest else { throw StoreError.corrupted(digest, found: found) }
    }

    /// The whole content, verified. For what fits into memory; throws like `verify`.
    public func contents(of digest: ContentDigest) throws -> [UInt8] {
        let file = try open(digest)
        let bytes = try file.read(at: 0, count: try file.size())
        let found = ContentDigest(of: bytes)
        guard found == digest else { throw StoreError.corrupted(digest, found: found) }
        return bytes
    }

    /// A part of the content, not verified: whoever puts the parts together checks the whole. Fewer bytes than asked
    /// for at the end of the content.
    public func read(_ digest: ContentDigest, at offset: Int, count: Int) throws -> [UInt8] {
        let file = try open(digest)
        let size = try file.size()
        guard offset >= 0, count >= 0, offset <= size else {
            throw StoreError.endOfFile(path: file.path, offset: offset)
        }
        return try file.read(at: offset, count: min(count, size - offset))
    }

    /// Takes over content of another store on the same file system, as a second name of the same file. Throws if it is
    /// not there.
    public func link(_ digest: ContentDigest, from other: ContentStore) throws {
        let target = url(of: digest)
        try Self.makeFolder(target.deletingLastPathComponent())
        let path = target.path(percentEncoded: false)
        guard Foundation.link(other.url(of: digest).path(percentEncoded: false), path) == 0 || errno == EEXIST else {
            throw StoredFile.failure("link", path)
        }
    }

    /// Forgets content; nothing happens if it is not there. A folder in its place is moved aside.
    public func remove(_ digest: ContentDigest) throws {
        let place = url(of: digest)
        let path = place.path(percentEncoded: false)
        if unlink(path) == 0 || [ENOENT, ENOTDIR, ELOOP].contains(errno) { return }
        guard errno == EISDIR else { throw StoredFile.failure("unlink", path) }
        try Self.moveAside(place)
    }

    private func open(_ digest: ContentDigest) throws -> StoredFile {
        let place = url(of: digest)
        var status = stat()
        // A link that leads nowhere is something that is there.
        guard lstat(place.path(percentEncoded: false), &status) == 0 else { throw StoreError.notFound(digest) }
        return try StoredFile(reading: place)
    }

    /// False too where the content cannot be read: then it is worth writing again.
    private func isIntact(_ digest: ContentDigest) -> Bool {
        (try? verify(digest)) != nil
    }
}
