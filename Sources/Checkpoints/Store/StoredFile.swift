import Files
import Foundation

/// An open file by offsets, which any number of threads may read and write at once. Closed with the last reference.
final class StoredFile: Sendable {
    let path: String
    private let descriptor: Int32

    private init(_ url: URL, flags: Int32) throws {
        path = url.path(percentEncoded: false)
        // A pipe that somebody left in the place of a file would be waited for without end.
        descriptor = open(path, flags | O_CLOEXEC | O_NONBLOCK, 0o644)
        guard descriptor >= 0 else { throw Self.failure("open", path) }
        let expected = flags & O_DIRECTORY == 0 ? S_IFREG : S_IFDIR
        let found = try status().st_mode
        guard found & S_IFMT == expected else {
            throw StoreError.obstacle(path: path, found: "\(FileKind.name(of: found)), expected a file")
        }
    }

    convenience init(reading url: URL) throws {
        try self.init(url, flags: O_RDONLY)
    }

    /// Throws if the file is there already.
    convenience init(creating url: URL) throws {
        try self.init(url, flags: O_RDWR | O_CREAT | O_EXCL)
    }

    convenience init(updating url: URL) throws {
        try self.init(url, flags: O_RDWR)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    func size() throws -> Int { Int(try status().st_size) }

    private func status() throws -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure("fstat", path) }
        return status
    }

    /// Grows with zeros that take no room on the disk.
    func resize(to bytes: Int) throws {
        guard ftruncate(descriptor, off_t(bytes)) == 0 else { throw Self.failure("ftruncate", path) }
    }

    func read(at offset: Int, count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let target = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[0..<count])
            try read(into: target, at: offset)
            filled = count
        }
    }

    /// Fills the whole target. Throws if the file ends before.
    func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        var filled = 0
        while filled < target.count {
            let count = pread(descriptor, target.baseAddress! + filled, target.count - filled, off_t(offset + filled))
            if count > 0 {
                filled += count
            } else if count == 0 {
                throw StoreError.endOfFile(path: path, offset: offset + target.count)
            } else if errno != EINTR {
                throw Self.failure("read", path)
            }
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
        var written = 0
        while written < bytes.count {
            let count = pwrite(descriptor, bytes.baseAddress! + written, bytes.count - written, off_t(offset + written))
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                throw Self.failure("write", path)
            }
        }
    }

    /// Returns once the bytes are on the disk.
    func synchronize() throws {
        guard fsync(descriptor) == 0 else { throw Self.failure("fsync", path) }
    }

    /// Returns once the names in the folder are on the disk: only then does a renamed file survive a power cut.
    static func synchronize(folder: URL) throws {
        try StoredFile(folder, flags: O_RDONLY | O_DIRECTORY).synchronize()
    }

    /// Puts the file in the place of another, or of none, in one step. A folder in that place is moved aside.
    static func rename(_ source: URL, to target: URL) throws {
        let path = target.path(percentEncoded: false)
        if Foundation.rename(source.path(percentEncoded: false), path) == 0 { return }
        guard errno == EISDIR else { throw failure("rename", path) }
        try ContentStore.moveAside(target)
        guard Foundation.rename(source.path(percentEncoded: false), path) == 0 else { throw failure("rename", path) }
    }

    static func failure(_ operation: String, _ path: String) -> StoreError {
        .fileSystem(operation: operation, path: path, reason: String(cString: strerror(errno)))
    }
}
