import Foundation

/// A file in the system's folder for temporary files, for what is too large for memory.
///
/// It has no name there, so that it goes with the process, however that ends; others open it by its descriptor.
final class TemporaryFile {
    let url: URL
    private let folder: URL
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private(set) var size = 0

    /// Throws `DataFileError` where no file can be made, or where the disk has no room for what is expected.
    ///
    /// - Parameter expected: bytes that will be written, as far as is known.
    init(expecting expected: Int = 0) throws {
        folder = FileManager.default.temporaryDirectory
        var template = Array(folder.appending(path: "martlet-XXXXXX").path(percentEncoded: false).utf8CString)
        descriptor = mkstemp(&template)
        url = URL(filePath: "/proc/self/fd/\(descriptor)")
        guard descriptor >= 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0, unlink(template) == 0 else {
            throw failure()
        }
        try expect(expected)
        buffer.reserveCapacity(InputFile.pieceBytes)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Throws `DataFileError` if the disk has no room for so many bytes more.
    func expect(_ bytes: Int) throws {
        var status = statvfs()
        guard fstatvfs(descriptor, &status) == 0 else { throw failure() }
        let (free, overflow) = Int(status.f_bavail).multipliedReportingOverflow(by: Int(status.f_frsize))
        guard overflow || bytes <= free else {
            throw DataFileError.noRoom(folder, needed: bytes, free: free)
        }
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws {
        size += bytes.count
        guard buffer.count + bytes.count > InputFile.pieceBytes else { return buffer.append(contentsOf: bytes) }
        try flush()
        if bytes.count > InputFile.pieceBytes { try write(bytes) } else { buffer.append(contentsOf: bytes) }
    }

    /// What was appended can be read from the file afterwards.
    func flush() throws {
        try buffer.withUnsafeBytes { try write($0) }
        buffer.removeAll(keepingCapacity: true)
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws {
        var written = 0
        while written < bytes.count {
            let count = Foundation.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure() }
            written += count
        }
    }

    private func failure() -> DataFileError {
        .notSpooled(folder, reason: String(cString: strerror(errno)))
    }
}
