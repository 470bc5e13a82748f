package import Foundation

/// Small files that must be whole and on the disk when the call returns: written beside, synced, put in place by one
/// rename, and the folder synced after it.
package enum DurableFile {
    /// Blocks on the disk. Throws `SystemCallError`, which names the call and the file.
    package static func write(_ text: String, to file: URL) throws(SystemCallError) {
        let beside = file.appendingPathExtension("new")
        let descriptor: Int32
        do throws(FileError) {
            descriptor = try RegularFile.open(beside.path, O_WRONLY | O_CREAT | O_TRUNC, to: .written)
        } catch {
            throw SystemCallError(call: "open \(beside.path)", reason: error.reason)
        }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 || errno == EINTR else { throw failure("write", beside) }
            bytes = bytes.dropFirst(max(0, count))
        }
        guard fsync(descriptor) == 0 else { throw failure("fsync", beside) }
        guard rename(beside.path, file.path) == 0 else { throw failure("rename", file) }
        try synchronize(folder: file.deletingLastPathComponent())
    }

    /// Returns once the names in the folder are on the disk.
    package static func synchronize(folder: URL) throws(SystemCallError) {
        try synchronize(folder, O_DIRECTORY)
    }

    /// Returns once all that lies in the folder is on the disk: what is in its files, and the names.
    package static func synchronize(allOf folder: URL) throws {
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            try synchronize(folder.appending(path: path), 0)
        }
        try synchronize(folder: folder)
    }

    private static func synchronize(_ place: URL, _ flags: Int32) throws(SystemCallError) {
        let descriptor = open(place.path, O_RDONLY | O_CLOEXEC | flags)
        guard descriptor >= 0 else { throw failure("open", place) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("fsync", place) }
    }

    /// The text of a file; nil where there is none.
    package static func read(_ file: URL) throws(SystemCallError) -> String? {
        guard let data = try? SmallFile.read(file.path) else {
            guard FileManager.default.fileExists(atPath: file.path) else { return nil }
            let obstacle = RegularFile.obstacle(at: file.path, to: .read)?.reason
            throw SystemCallError(call: "read \(file.path)", reason: obstacle ?? "it cannot be read by this user")
        }
        return String(decoding: data, as: UTF8.self)
    }

    private static func failure(_ call: String, _ file: URL) -> SystemCallError {
        SystemCallError(call: "\(call) \(file.path)", reason: String(cString: strerror(errno)))
    }
}
