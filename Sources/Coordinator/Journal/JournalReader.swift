import Explanations
package import Files
package import Foundation

/// Reads the records of one segment, one after the other. Whatever the file holds, it takes no more memory than the file
/// has bytes, and ends with a word about it.
package final class JournalReader {
    /// How a segment ends.
    package enum Ending: Sendable, Equatable {
        case whole
        /// In the midst of a record, as after a kill.
        case torn(at: Int)
        /// Something is wrong with a record; nothing behind it is read.
        case damaged(at: Int, reason: String)
    }

    private let descriptor: Int32
    private let path: String
    private let size: Int
    /// Of what is read next.
    package private(set) var offset = 0
    /// Nil as long as there may be more.
    package private(set) var ending: Ending?

    /// Throws `FileError`.
    package init(_ file: URL) throws(FileError) {
        path = file.path
        descriptor = try RegularFile.open(path, O_RDONLY, to: .read)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw FileError(path, .read, reason: reason)
        }
        size = Int(status.st_size)
        let magic: [UInt8]?
        do throws(FileError) {
            magic = try bytes(JournalFrame.magic.count)
        } catch {
            close(descriptor)
            throw error
        }
        guard magic == JournalFrame.magic else {
            close(descriptor)
            throw FileError(path, .read, reason: "it is no journal of this format")
        }
    }

    deinit { close(descriptor) }

    /// Nil at the end, which is `ending`. Throws `FileError`.
    package func next() throws(FileError) -> JournalRecord? {
        guard ending == nil else { return nil }
        let start = offset
        guard offset < size else { return end(.whole) }
        guard let head = try bytes(JournalFrame.headBytes) else { return end(.torn(at: start)) }
        let length = JournalFrame.length(in: head)
        guard length <= JournalFrame.largestPayload else {
            return end(.damaged(at: start, reason: "a record of \(length) bytes"))
        }
        guard let body = try bytes(1 + length) else { return end(.torn(at: start)) }
        guard JournalFrame.checksum(of: body) == JournalFrame.checksum(in: head) else {
            return end(offset == size ? .torn(at: start) : .damaged(at: start, reason: "its checksum is another"))
        }
        guard let kind = JournalRecord.Kind(rawValue: body[0]) else {
            return end(.damaged(at: start, reason: "a record of kind \(body[0])"))
        }
        do {
            return try JournalRecord(kind, Array(body.dropFirst()))
        } catch {
            return end(.damaged(at: start, reason: error.explanation))
        }
    }

    private func end(_ ending: Ending) -> JournalRecord? {
        self.ending = ending
        return nil
    }

    /// The next bytes; nil if the file has not so many more.
    private func bytes(_ count: Int) throws(FileError) -> [UInt8]? {
        guard count <= size - offset else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            var read = 0
            let piece = [UInt8](unsafeUninitializedCapacity: min(1 << 20, count - bytes.count)) { buffer, filled in
                read = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
                filled = max(0, read)
            }
            if read < 0, errno == EINTR { continue }
            guard read >= 0 else { throw FileError(path, .read, reason: String(cString: strerror(errno))) }
            if read == 0 { return nil }
            bytes += piece
        }
        offset += count
        return bytes
    }
}
