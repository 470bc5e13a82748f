import Files
import Foundation
import Glibc
import Threads

/// Copies a growing file to standard output.
final class LogReader: @unchecked Sendable {
    private let file: URL
    /// Used by one thread at a time: the caller's, then the following thread.
    private var handle: FileHandle

    init(_ file: URL) throws {
        self.file = file
        handle = try Self.handle(of: file)
    }

    /// Copies what was added since the last call. A file that was set aside for a new one is read to its end first.
    func copyNew() throws {
        try copyRest()
        if let current = Self.inode(of: file), current != Self.inode(of: handle) {
            handle = try Self.handle(of: file)
            try copyRest()
        }
    }

    /// Copies whatever is added until the process is ended. The kernel says when (inotify(7)).
    func follow() async throws {
        try await NamedThread.run("follow log") { [self] in
            let descriptor = inotify_init1(Int32(IN_CLOEXEC))
            let folder = file.deletingLastPathComponent().path
            guard descriptor >= 0,
                inotify_add_watch(descriptor, folder, UInt32(IN_MODIFY | IN_CREATE | IN_MOVED_TO)) >= 0
            else { throw CommandFailure("\(folder) cannot be watched: \(String(cString: strerror(errno)))") }
            defer { close(descriptor) }
            // What came between the first reading and the watch.
            try copyNew()
            var events = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = read(descriptor, &events, events.count)
                guard count > 0 || errno == EINTR else {
                    throw CommandFailure("\(folder) can no longer be watched: \(String(cString: strerror(errno)))")
                }
                try copyNew()
            }
        }
    }

    private func copyRest() throws {
        // It was emptied, as that of a node that runs is when it has become long.
        if try handle.offset() > Self.size(of: handle) { try handle.seek(toOffset: 0) }
        while let data = try handle.read(upToCount: 1 << 16), !data.isEmpty {
            try StandardStream.output.write([UInt8](data))
        }
    }

    private static func handle(of file: URL) throws(FileError) -> FileHandle {
        FileHandle(fileDescriptor: try RegularFile.open(file.path, O_RDONLY, to: .read), closeOnDealloc: true)
    }

    private static func size(of handle: FileHandle) -> UInt64 {
        var information = stat()
        return fstat(handle.fileDescriptor, &information) == 0 ? UInt64(information.st_size) : 0
    }

    private static func inode(of file: URL) -> ino_t? {
        var information = stat()
        return stat(file.path, &information) == 0 ? information.st_ino : nil
    }

    private static func inode(of handle: FileHandle) -> ino_t? {
        var information = stat()
        return fstat(handle.fileDescriptor, &information) == 0 ? information.st_ino : nil
    }
}
