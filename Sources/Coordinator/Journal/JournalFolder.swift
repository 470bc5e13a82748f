package import Foundation

/// Where the segments of a journal lie, one file each: `00000001.journal` and so on.
package struct JournalFolder: Sendable, Equatable {
    package let root: URL

    package init(_ root: URL) { self.root = root }

    private static let suffix = ".journal"

    /// The oldest first. Blocks on the disk.
    package func segments() throws -> [URL] {
        try numbered().map(\.file)
    }

    /// The file of the next segment. Blocks on the disk.
    func next() throws -> URL {
        let digits = String((try numbered().last?.number ?? 0) + 1)
        return root.appending(path: String(repeating: "0", count: max(0, 8 - digits.count)) + digits + Self.suffix)
    }

    /// Removes the oldest segments until all have `limit` bytes at most; never the newest. Blocks on the disk.
    func shorten(to limit: Int) throws {
        var files = try segments().map { ($0, try $0.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0) }
        var total = files.reduce(0) { $0 + $1.1 }
        while total > limit, files.count > 1 {
            let (oldest, bytes) = files.removeFirst()
            try FileManager.default.removeItem(at: oldest)
            total -= bytes
        }
    }

    private func numbered() throws -> [(number: Int, file: URL)] {
        try FileManager.default.contentsOfDirectory(atPath: root.path).compactMap { name in
            guard name.hasSuffix(Self.suffix), let number = Int(name.dropLast(Self.suffix.count)), number > 0,
                number < 1 << 48
            else { return nil }
            return (number, root.appending(path: name))
        }
        .sorted { $0.number < $1.number }
    }
}
