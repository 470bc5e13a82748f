import Files
import Foundation

/// Everything that a rank prints, in a file of the worker's folder, up to a size.
final class RankLog {
    private let handle: FileHandle
    private var room: Int

    /// Bytes of one log, and logs that are kept.
    static let size = 16 << 20
    static let count = 50

    /// Makes the file and removes the oldest ones. Throws what the file system says.
    init(_ file: URL) throws {
        let folder = file.deletingLastPathComponent()
        try Folder.make(folder)
        try Self.prune(folder)
        let descriptor = try RegularFile.open(file.path, O_WRONLY | O_CREAT | O_TRUNC, to: .written)
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        room = Self.size
    }

    func write(_ bytes: [UInt8]) {
        guard room > 0 else { return }
        // A full disk must not end the rank: what it prints is shown to whoever follows it all the same.
        try? handle.write(contentsOf: bytes.prefix(room))
        room -= bytes.count
        if room <= 0 { try? handle.write(contentsOf: Data("\n(the log ends here: it is full)\n".utf8)) }
    }

    private static func prune(_ folder: URL) throws {
        let files = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: [.contentModificationDateKey])
        let dated = try files.map { file in
            (
                file,
                try file.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate ?? .distantPast
            )
        }
        for (file, _) in dated.sorted(by: { $0.1 > $1.1 }).dropFirst(count - 1) {
            try FileManager.default.removeItem(at: file)
        }
    }
}
