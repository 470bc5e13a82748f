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

    /// The oldest by the numbers of their launches, which only grow, and not by a clock that may be set back. What has no
    /// number goes first.
    private static func prune(_ folder: URL) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let newestFirst = names.map { (launchNumber(in: $0) ?? -1, $0) }.sorted { $0 > $1 }
        for (_, name) in newestFirst.dropFirst(count - 1) {
            try FileManager.default.removeItem(at: folder.appending(path: name))
        }
    }

    /// 12 in `digits-12-rank-0.log`.
    private static func launchNumber(in name: String) -> Int? {
        guard let end = name.range(of: "-rank-", options: .backwards)?.lowerBound else { return nil }
        return name[..<end].split(separator: "-").last.flatMap { Int(digits: $0) }
    }
}
