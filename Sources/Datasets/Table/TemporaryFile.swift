internal import Foundation

/// A file in the system's folder for temporary files, for what is too large for memory; it goes with the object.
final class TemporaryFile {
    let url: URL
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private(set) var size = 0

    private static let bufferBytes = 1 << 20

    /// Throws `DataFileError` where no file can be made.
    init() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "martlet-XXXXXX")
            .path(percentEncoded: false)
        var template = Array(path.utf8CString)
        descriptor = mkstemp(&template)
        let name = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        url = URL(filePath: name)
        guard descriptor >= 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else { throw Self.failure(url) }
        buffer.reserveCapacity(Self.bufferBytes)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        unlink(url.path(percentEncoded: false))
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws {
        size += bytes.count
        guard buffer.count + bytes.count > Self.bufferBytes else { return buffer.append(contentsOf: bytes) }
        try flush()
        if bytes.count > Self.bufferBytes { try write(bytes) } else { buffer.append(contentsOf: bytes) }
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
            guard count > 0 else { throw Self.failure(url) }
            written += count
        }
    }

    private static func failure(_ url: URL) -> DataFileError {
        .unreadable(url, reason: "temporary file: \(String(cString: strerror(errno)))")
    }
}
