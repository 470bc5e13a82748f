import Files
import Foundation

/// A segment of a journal that is being written. For its owner's eyes only: it holds what jobs and operators said.
final class SegmentFile {
    let url: URL
    private let descriptor: Int32
    /// Of whole records.
    private(set) var bytes = 0

    /// Makes the file, which must not be there. Throws `FileError`.
    init(making url: URL) throws(FileError) {
        self.url = url
        descriptor = try RegularFile.open(url.path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600, to: .written)
    }

    deinit { close(descriptor) }

    /// All of it or nothing, as far as the disk lets us. Throws `FileError`.
    func append(_ record: [UInt8]) throws(FileError) {
        var rest = record[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = String(cString: strerror(errno))
                _ = ftruncate(descriptor, off_t(bytes))
                throw FileError(url.path, .written, reason: reason)
            }
            rest = rest.dropFirst(count)
        }
        bytes += record.count
    }
}
