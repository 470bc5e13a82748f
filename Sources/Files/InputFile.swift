import Glibc

/// Files that a person names and that are read whole.
package enum InputFile {
    /// The bytes of a file, a pipe or a device, of which there may be `limit` at most: whatever a path leads to, it takes
    /// no more memory.
    package static func bytes(of path: String, limit: Int) throws(FileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path, .read, errno: errno) }
        defer { close(descriptor) }
        return try bytes(of: descriptor, path, limit: limit)
    }

    /// The same of one that is open.
    static func bytes(of descriptor: Int32, _ path: String, limit: Int) throws(FileError) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError(path, .read, errno: errno) }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw FileError(path, .read, reason: "it is a folder, expected a file")
        }
        let size = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
        guard size <= limit else {
            throw FileError(path, .read, reason: "it has \(size) bytes, at most \(limit) are read")
        }
        var content: [UInt8] = []
        content.reserveCapacity(size)
        while true {
            var count = 0
            let piece = [UInt8](unsafeUninitializedCapacity: min(1 << 20, limit - content.count + 1)) {
                buffer, filled in
                count = read(descriptor, buffer.baseAddress, buffer.count)
                filled = max(0, count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError(path, .read, errno: errno) }
            if count == 0 { return content }
            content += piece
            guard content.count <= limit else {
                throw FileError(path, .read, reason: "it has more than the \(limit) bytes that are read at most")
            }
        }
    }
}
