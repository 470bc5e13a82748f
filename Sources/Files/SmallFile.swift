import Glibc

/// Small files that programs write for one another: whoever reads sees the old bytes or the new ones.
package enum SmallFile {
    /// The bytes of a file, of which there may be `limit` at most. What stands in its place and is none, a pipe for one, is
    /// not waited for.
    package static func read(_ path: String, limit: Int = 16 << 20) throws(FileError) -> [UInt8] {
        let descriptor = try RegularFile.open(path, O_RDONLY, to: .read)
        defer { close(descriptor) }
        return try InputFile.bytes(of: descriptor, path, limit: limit)
    }

    /// For its owner alone. Writes nothing where the file holds these bytes already. Where no file can be made beside it, on
    /// a disk that is full for one, the file is written over in its own room, if it has enough.
    package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        if (try? read(path, limit: bytes.count)) == bytes { return }
        let fresh = "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max)).partial"
        let error = replace(path, by: fresh, bytes)
        guard error != 0, !overwrite(bytes, at: path) else { return }
        throw RegularFile.obstacle(at: path, to: .written) ?? FileError(path, .written, errno: error)
    }

    /// Writes over a file in the room that it has. Returns whether it did; nothing is changed where it has too little.
    package static func overwrite(_ bytes: [UInt8], at path: String) -> Bool {
        guard let descriptor = try? RegularFile.open(path, O_WRONLY, to: .written) else { return false }
        defer { close(descriptor) }
        var status = stat()
        // `st_blocks` counts units of 512 bytes, stat(2).
        guard fstat(descriptor, &status) == 0,
            bytes.count <= max(Int(status.st_size), Int(status.st_blocks) * 512)
        else { return false }
        return bytes.withUnsafeBytes { $0.writeAll(to: descriptor) } == 0
            && ftruncate(descriptor, off_t(bytes.count)) == 0 && fsync(descriptor) == 0
    }

    /// Returns 0, or the number of the error.
    private static func replace(_ path: String, by fresh: String, _ bytes: [UInt8]) -> Int32 {
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        var error = bytes.withUnsafeBytes { $0.writeAll(to: descriptor) }
        if error == 0, rename(fresh, path) != 0 { error = errno }
        if error != 0 { unlink(fresh) }
        return error
    }
}
