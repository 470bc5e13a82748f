import Glibc

/// A file that a command writes where a person said: the one writer of every such file.
///
/// A regular file is there whole or not at all. Everything else is written through and never replaced: behind a link
/// its target, and pipes and devices as they are.
package final class OutputFile {
    package let path: String
    private let target: OutputTarget
    private let descriptor: Int32
    /// What is renamed in the end, or removed.
    private var partial: String?

    package init(_ path: String) throws(FileError) {
        self.path = path
        target = try OutputTarget(path)
        switch target {
        case .standardOutput: descriptor = STDOUT_FILENO
        case .through:
            descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0o666)
            guard descriptor >= 0 else { throw FileError(path, .written, errno: errno) }
        case .replace(let file, let mode):
            let fresh = "\(file).\(getpid())-\(UInt32.random(in: 0 ... .max)).partial"
            descriptor = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { throw FileError(path, .written, errno: errno) }
            partial = fresh
            if let mode, fchmod(descriptor, mode) != 0 { throw FileError(path, .written, errno: errno) }
        }
    }

    deinit {
        if descriptor != STDOUT_FILENO, descriptor >= 0 { close(descriptor) }
        if let partial { unlink(partial) }
    }

    /// Whether the bytes went to standard output, so that nothing else should.
    package var isStandardOutput: Bool { target == .standardOutput }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        let error = bytes.writeAll(to: descriptor)
        if error != 0 { throw FileError(path, .written, errno: error) }
    }

    package func write(_ bytes: [UInt8]) throws(FileError) {
        let error = bytes.withUnsafeBytes { $0.writeAll(to: descriptor) }
        if error != 0 { throw FileError(path, .written, errno: error) }
    }

    /// Puts the file in its place. Without this call nothing is left of it, where it is one that can be replaced.
    package func commit() throws(FileError) {
        guard let partial, case .replace(let file, _) = target else { return }
        guard fsync(descriptor) == 0, rename(partial, file) == 0 else {
            throw FileError(path, .written, errno: errno)
        }
        self.partial = nil
    }

    /// Writes a whole file. Returns whether it went to standard output.
    @discardableResult
    package static func write(_ bytes: [UInt8], to path: String) throws(FileError) -> Bool {
        let file = try OutputFile(path)
        try file.write(bytes)
        try file.commit()
        return file.isStandardOutput
    }
}

extension UnsafeRawBufferPointer {
    /// Writes every byte, whatever pieces the system takes. Returns 0, or the number of the error.
    package func writeAll(to descriptor: Int32) -> Int32 {
        var rest = self[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                // Someone made the pipe that this goes to a non-blocking one.
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }
}
