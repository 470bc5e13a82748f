import ClusterProtocol
import Files
import Foundation
import Glibc
import Explanations

/// Everything that a rank prints, in a file of the worker's folder, up to a size.
///
/// A full disk must not end the rank: what it prints is shown to whoever follows it all the same. What the disk did not
/// take is counted, and the log says how much of it is missing where.
final class RankLog {
    private let handle: FileHandle
    private var room = RankOutput.loggedBytes
    /// Bytes that were not written since the last that were, and why.
    private var missing = 0
    private var reason = ""
    /// Told the first time that something is not written.
    private let failed: (String) -> Void
    private var hasFailed = false

    /// Logs that are kept.
    static let count = 50

    /// Makes the file and removes the oldest ones. Throws what the file system says.
    convenience init(_ file: URL, failed: @escaping (String) -> Void) throws {
        let folder = file.deletingLastPathComponent()
        try Folder.make(folder)
        try Self.prune(folder)
        let descriptor = try RegularFile.open(file.path, O_WRONLY | O_CREAT | O_TRUNC, to: .written)
        self.init(descriptor: descriptor, failed: failed)
    }

    /// - Parameter descriptor: of the file, which is closed with the log.
    init(descriptor: Int32, failed: @escaping (String) -> Void) {
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        self.failed = failed
    }

    func write(_ bytes: [UInt8]) {
        guard room > 0 else { return }
        guard tellMissing() else {
            missing += bytes.count
            return
        }
        let written = put(bytes.prefix(room))
        room -= written
        guard room > 0 else {
            _ = put(Array("\n(the log ends here: it is full)\n".utf8)[...])
            return
        }
        missing = bytes.count - written
    }

    /// Nothing follows.
    func finish() {
        _ = tellMissing()
    }

    /// Writes what is missing at this place, if anything is. False if that cannot be written either.
    private func tellMissing() -> Bool {
        guard missing > 0 else { return true }
        let verb = missing == 1 ? "is" : "are"
        let note = Array("\n(\(counted(missing, "byte")) \(verb) missing here: \(reason))\n".utf8)
        guard put(note[...]) == note.count else { return false }
        missing = 0
        return true
    }

    /// How many of the bytes were written.
    private func put(_ bytes: ArraySlice<UInt8>) -> Int {
        var done = 0
        while done < bytes.count {
            let count = bytes.dropFirst(done).withUnsafeBytes {
                Glibc.write(handle.fileDescriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                reason = String(cString: strerror(errno))
                if !hasFailed { failed(reason) }
                hasFailed = true
                break
            }
            done += count
        }
        return done
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
