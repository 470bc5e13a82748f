public import Digests
import Foundation

/// Files that arrive in parts, in any order and from any number of senders, and become content in one step.
extension ContentStore {
    /// Makes room for an upload of `total` bytes. Every sender may call it: beginning it again with the same size
    /// changes nothing.
    public func beginUpload(_ id: String, total: Int) throws {
        guard total >= 0, total <= limits.uploadBytes else {
            throw StoreError.tooLarge(total, limit: limits.uploadBytes)
        }
        let url = try uploadURL(id)
        if let begun = try? upload(id).size() {
            guard begun == total else { throw StoreError.uploadSizeDiffers(id, begun: begun, asked: total) }
            return
        }
        try Self.makeFolder(staging)
        guard try Self.names(in: staging).count(where: { $0.hasPrefix(Self.uploadPrefix) }) < limits.uploads else {
            throw StoreError.tooManyUploads(limit: limits.uploads)
        }
        // Given its size under another name first, so that nobody sees it with less.
        let fresh = staging.appending(path: "begin-\(UUID().uuidString)")
        do {
            try StoredFile(creating: fresh).resize(to: total)
            try StoredFile.rename(fresh, to: url)
        } catch {
            // The error that counts is the first; what cannot be removed now is at the next start.
            try? FileManager.default.removeItem(at: fresh)
            throw error
        }
    }

    /// Writes a part. Parts may come twice, as they do when a sender tries again.
    public func write(_ id: String, at offset: Int, _ bytes: UnsafeRawBufferPointer) throws {
        let file = try upload(id)
        let total = try file.size()
        guard offset >= 0, bytes.count <= total, offset <= total - bytes.count else {
            throw StoreError.outsideOfUpload(id, range: offset..<max(offset, offset &+ bytes.count), total: total)
        }
        try file.write(bytes, at: offset)
    }

    /// Makes the upload content, if it has the expected digest. Throws `StoreError.uploadDiffers` otherwise, and leaves
    /// the upload open, so that a sender may write the missing part and commit again.
    public func commit(_ id: String, expected: ContentDigest) throws {
        let file = try upload(id)
        let found = try Self.forEachPiece(of: file) { _, _ in }
        guard found == expected else { throw StoreError.uploadDiffers(id, expected: expected, found: found) }
        try commit(file, at: try uploadURL(id), as: expected)
    }

    /// Gives an upload up; nothing happens if there is none.
    public func abandonUpload(_ id: String) throws {
        let path = try uploadURL(id).path(percentEncoded: false)
        guard unlink(path) == 0 || errno == ENOENT else { throw StoredFile.failure("unlink", path) }
    }

    /// The uploads under way.
    public func uploads() throws -> [String] {
        try Self.names(in: staging)
            .filter { $0.hasPrefix(Self.uploadPrefix) }
            .map { String($0.dropFirst(Self.uploadPrefix.count)) }
    }

    static let uploadPrefix = "upload-"

    private func upload(_ id: String) throws -> StoredFile {
        let url = try uploadURL(id)
        guard FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) else {
            throw StoreError.unknownUpload(id)
        }
        return try StoredFile(updating: url)
    }

    /// The identifier comes from a peer and becomes part of a path, so it is checked here, always.
    private func uploadURL(_ id: String) throws -> URL {
        let allowed = id.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard allowed, (1...128).contains(id.utf8.count), !id.hasPrefix(".") else {
            throw StoreError.badIdentifier(id)
        }
        return staging.appending(path: Self.uploadPrefix + id)
    }
}
