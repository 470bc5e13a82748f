package import Foundation
import Glibc

/// An advisory lock on a file, held until it is let go of or the process ends, however it ends (flock(2)).
package enum FileLock {
    /// Runs `body` while this process holds the lock; throws what `busy` makes when another one does, and goes on to for
    /// as long as `patience`.
    package static func hold<Result>(
        _ file: URL, patience: Duration = .zero, busy: @autoclosure () -> any Error,
        _ body: () async throws -> Result
    ) async throws -> Result {
        let descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = errno == EISDIR ? "it is a folder, expected a file" : String(cString: strerror(errno))
            throw LaunchError.system(call: "open \(file.path)", reason: reason)
        }
        defer { close(descriptor) }
        let isHeld = try await poll(for: patience) {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            if errno == EWOULDBLOCK { return false }
            throw LaunchError.system(call: "flock \(file.path)", reason: String(cString: strerror(errno)))
        }
        guard isHeld else { throw busy() }
        // Not left to `close`: a process that another thread is starting shares the lock until it has become itself.
        defer { flock(descriptor, LOCK_UN) }
        return try await body()
    }
}
