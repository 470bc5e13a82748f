package import Foundation
import Glibc

/// An advisory lock on a file, held until it is let go of or the process ends, however it ends (flock(2)).
package struct FileLock: ~Copyable {
    private let descriptor: Int32

    /// Nil when another process holds it.
    package init?(_ file: URL) throws(LaunchError) {
        let descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .system(call: "open \(file.path)", reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            Glibc.close(descriptor)
            if reason == EWOULDBLOCK { return nil }
            throw .system(call: "flock \(file.path)", reason: String(cString: strerror(reason)))
        }
        self.descriptor = descriptor
    }

    deinit { Glibc.close(descriptor) }
}
