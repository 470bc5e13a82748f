package import Glibc

/// Files of the program's own, in whose place somebody may have put something else. Nothing is waited for there, as an open
/// of a pipe is for its other end.
package enum RegularFile {
    /// A descriptor of the file, closed on exec, for whoever called to close.
    ///
    /// - Parameter mode: of a file that is made.
    package static func open(
        _ path: String, _ flags: Int32, mode: mode_t = 0o600, to operation: FileError.Operation
    ) throws(FileError) -> Int32 {
        // The flag means nothing for a regular file.
        let descriptor = Glibc.open(path, flags | O_NONBLOCK | O_CLOEXEC, mode)
        let problem = errno
        var status = stat()
        guard descriptor >= 0 else {
            guard problem == ENXIO || problem == EISDIR, stat(path, &status) == 0 else {
                throw FileError(path, operation, errno: problem)
            }
            throw wrongKind(path, operation, status.st_mode)
        }
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw wrongKind(path, operation, status.st_mode)
        }
        return descriptor
    }

    /// What lies in the place of a file; nil where it is one, or nothing is there.
    package static func obstacle(at path: String, to operation: FileError.Operation) -> FileError? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { return nil }
        return wrongKind(path, operation, status.st_mode)
    }

    private static func wrongKind(_ path: String, _ operation: FileError.Operation, _ mode: mode_t) -> FileError {
        FileError(path, operation, reason: "it is \(FileKind.name(of: mode)), expected a file")
    }
}
