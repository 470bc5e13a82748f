import Digests
import Foundation

extension ContentStore {
    /// Writes a file of its own under `staging/` and commits it under the digest that is known once it is written.
    func stage(
        _ write: (StoredFile) throws -> Void, commit digest: () throws -> ContentDigest
    ) throws -> ContentDigest {
        try Self.makeFolder(staging)
        let staged = staging.appending(path: "put-\(UUID().uuidString)")
        do {
            let file = try StoredFile(creating: staged)
            try write(file)
            let digest = try digest()
            try commit(file, at: staged, as: digest)
            return digest
        } catch {
            // The error that counts is the first; what cannot be removed now is at the next start.
            try? FileManager.default.removeItem(at: staged)
            throw error
        }
    }

    /// Makes a complete staged file the content of its digest: after this returns it survives a power cut, before it
    /// never shows.
    func commit(_ file: StoredFile, at staged: URL, as digest: ContentDigest) throws {
        try file.synchronize()
        let target = url(of: digest)
        let folder = target.deletingLastPathComponent()
        if try Self.makeFolder(folder) { try StoredFile.synchronize(folder: folder.deletingLastPathComponent()) }
        try StoredFile.rename(staged, to: target)
        try StoredFile.synchronize(folder: folder)
    }

    /// Gives a file piece by piece with the offset of each, and returns the digest of the whole.
    static func forEachPiece(
        of file: StoredFile, _ body: (UnsafeRawBufferPointer, Int) throws -> Void
    ) throws -> ContentDigest {
        let size = try file.size()
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: min(max(size, 1), 1 << 20), alignment: 64)
        defer { piece.deallocate() }
        var hash = SHA256()
        for offset in stride(from: 0, to: size, by: piece.count) {
            let part = UnsafeMutableRawBufferPointer(rebasing: piece[0..<min(piece.count, size - offset)])
            try file.read(into: part, at: offset)
            hash.update(UnsafeRawBufferPointer(part))
            try body(UnsafeRawBufferPointer(part), offset)
        }
        return hash.finalize()
    }
}
