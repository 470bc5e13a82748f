import Files
package import Foundation
import Glibc

extension ClusterFolder {
    /// What lies in the folder of the logs; nothing where it is still to be made. Throws a `FileError` where that is no
    /// folder.
    package func logNames() throws -> [String] {
        if let obstacle = Folder.obstacle(at: logs.path) { throw obstacle }
        guard FileManager.default.fileExists(atPath: logs.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: logs.path)
    }
}

/// The file that a node's outputs go to.
package enum LogFile {
    /// A log longer than this is set aside when its node starts, in the place of the one set aside before.
    package static let rotationBytes = 16 << 20

    /// Keeps the logs of a node that is started again and again from growing without end.
    static func rotate(_ file: URL) throws {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
        guard let size = attributes?[.size] as? Int, size > rotationBytes else { return }
        guard rename(file.path, file.path + ".1") == 0 else {
            throw LaunchError.system(call: "rename \(file.path)", reason: String(cString: strerror(errno)))
        }
    }

    /// The same for a node that runs: it goes on writing into the same file, which is emptied once it is copied. What
    /// the node writes in between is lost. Where it cannot be copied, on a disk that is nearly full for one, the log set
    /// aside before stays.
    static func rotateWhileWritten(_ file: URL) throws {
        guard size(of: file) > rotationBytes else { return }
        let aside = file.path + ".1"
        let partial = URL(filePath: aside + ".partial")
        do {
            // Of a supervisor that was ended while it copied.
            if FileManager.default.fileExists(atPath: partial.path) { try FileManager.default.removeItem(at: partial) }
            try FileManager.default.copyItem(at: file, to: partial)
            guard rename(partial.path, aside) == 0 else {
                throw LaunchError.system(call: "rename \(partial.path)", reason: String(cString: strerror(errno)))
            }
        } catch {
            // The error that counts is the first.
            try? FileManager.default.removeItem(at: partial)
            throw error
        }
        guard truncate(file.path, 0) == 0 else {
            throw LaunchError.system(call: "truncate \(file.path)", reason: String(cString: strerror(errno)))
        }
    }

    /// Bytes of it; 0 where there is none.
    static func size(of file: URL) -> UInt64 {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
        return (attributes?[.size] as? UInt64) ?? 0
    }

    /// The last `lines` lines, of which at most 16 KiB, of what stands behind `start`; of all where the file has become
    /// shorter than that.
    package static func tail(of file: URL, lines: Int, from start: UInt64 = 0) -> String {
        guard FileManager.default.fileExists(atPath: file.path) else { return "(there is no such file)" }
        let handle: FileHandle
        do throws(FileError) {
            let descriptor = try RegularFile.open(file.path, O_RDONLY, to: .read)
            handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        } catch {
            return "(\(error))"
        }
        let end = (try? handle.seekToEnd()) ?? 0
        let first = start <= end ? start : 0
        try? handle.seek(toOffset: max(first, end > 16384 ? end - 16384 : 0))
        let text = String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self)
        let last = text.split(separator: "\n").suffix(lines)
        if last.isEmpty, first > 0 { return "(nothing was added to it since this command began)" }
        return last.isEmpty ? "(it is empty)" : last.joined(separator: "\n")
    }
}
