import Files
import Foundation
import Glibc

/// The descriptor that a process logs to.
enum LogDescriptor {
    private static let removed = " (deleted)"

    /// Where it leads to a file that somebody has removed, makes that anew under its name, with the folder that it lay
    /// in: else nothing that is logged could be read by anyone. Standard output follows where it led to the same file.
    ///
    /// Does nothing where that is not possible: a log that cannot be written has nobody to be told to.
    static func makeAgainIfRemoved(_ descriptor: Int32 = STDERR_FILENO) {
        guard let file = status(descriptor), file.st_mode & S_IFMT == S_IFREG, file.st_nlink == 0,
            let known = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)"),
            known.hasSuffix(removed)
        else { return }
        let path = String(known.dropLast(removed.count))
        // Not more than one: where the cluster's own folder is gone, nobody wants it back.
        mkdir(URL(filePath: path).deletingLastPathComponent().path, 0o700)
        guard let fresh = try? RegularFile.open(path, O_WRONLY | O_CREAT | O_APPEND, to: .written) else { return }
        defer { close(fresh) }
        if let output = status(STDOUT_FILENO), output.st_dev == file.st_dev, output.st_ino == file.st_ino {
            dup2(fresh, STDOUT_FILENO)
        }
        dup2(fresh, descriptor)
    }

    private static func status(_ descriptor: Int32) -> stat? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : nil
    }
}
