import Files
import Foundation

/// Small files of keys: written whole or not at all, read only with the permissions they must have.
enum KeyFile {
    private static let byteLimit = 4 << 20

    /// Creates `url` with these permissions and content; never replaces a file.
    static func create(_ url: URL, mode: mode_t, content: [UInt8]) throws(KeyError) {
        let file = open(url.path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, mode)
        guard file >= 0 else { throw failure(url, "create it") }
        defer { close(file) }
        do throws(KeyError) {
            // The process's umask may have taken permissions away.
            guard fchmod(file, mode) == 0 else { throw failure(url, "set its mode") }
            try write(content, to: file, url)
            guard fsync(file) == 0 else { throw failure(url, "sync it") }
        } catch {
            unlink(url.path)
            throw error
        }
    }

    /// Puts a file with these permissions and content in the place of `url`; readers see the old one or the new one.
    static func replace(_ url: URL, mode: mode_t, content: [UInt8]) throws(KeyError) {
        let fresh = url.appendingPathExtension("\(getpid())-\(UInt64.random(in: 0 ... .max))")
        try create(fresh, mode: mode, content: content)
        guard rename(fresh.path, url.path) == 0 else {
            let error = failure(url, "replace it")
            unlink(fresh.path)
            throw error
        }
    }

    /// The content of `url`, unless its mode has one of the bits in `forbidden`.
    static func read(_ url: URL, forbidden: mode_t, expectedMode: String) throws(KeyError) -> [UInt8] {
        let file: Int32
        do {
            file = try RegularFile.open(url.path, O_RDONLY, to: .read)
        } catch {
            throw .file(path: url.path, operation: "open it", reason: error.reason)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure(url, "ask its mode") }
        guard status.st_size <= byteLimit else {
            throw .invalid(
                path: url.path, expected: "a file of at most \(byteLimit) bytes", got: "\(status.st_size) bytes")
        }
        guard status.st_mode & forbidden == 0 else {
            throw .permissions(
                path: url.path, expected: expectedMode, got: String(status.st_mode & 0o7777, radix: 8))
        }
        var content = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < content.count {
            let count = content.withUnsafeMutableBytes {
                Foundation.read(file, $0.baseAddress! + filled, $0.count - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(url, "read it") }
            filled += count
        }
        return content
    }

    private static func write(_ content: [UInt8], to file: Int32, _ url: URL) throws(KeyError) {
        var written = 0
        while written < content.count {
            let count = content.withUnsafeBytes {
                Foundation.write(file, $0.baseAddress! + written, $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(url, "write it") }
            written += count
        }
    }

    private static func failure(_ url: URL, _ operation: String) -> KeyError {
        .file(path: url.path, operation: operation, reason: String(cString: strerror(errno)))
    }
}
