import Explanations
import Files
package import Foundation
package import Logging
package import Wire

/// Which process it is among those that had a node's name, counted in a file of the node's folder.
///
/// The coordinator prefers the higher of two. A clock would do as long as nobody sets it back; a count always does. The
/// folder's lock keeps two processes from counting at once. A count that is lost begins anew: the coordinator lets the
/// node in once it has given up the process before.
package enum Incarnation {
    static let fileName = "incarnation"

    /// The next number, which is on the disk when this returns: after a power cut no number is given again.
    /// Blocks on the disk.
    package static func next(in folder: URL, logger: Logger) throws(Failure) -> UInt64 {
        let file = folder.appending(path: fileName)
        do {
            try Folder.make(folder)
            let last = try last(in: file, logger)
            do {
                try DurableFile.write("\(last + 1)\n", to: file)
            } catch {
                // A full disk has no room for a second file, and the first one's is enough.
                guard SmallFile.overwrite(Array("\(last + 1)\n".utf8), at: file.path) else { throw error }
            }
            return last + 1
        } catch {
            throw Failure(
                .internal, "the number of this process cannot be written to \(file.path): \(error.explanation)")
        }
    }

    private static func last(in file: URL, _ logger: Logger) throws -> UInt64 {
        guard let text = try DurableFile.read(file) else { return 0 }
        if let number = UInt64(text.trimmingCharacters(in: .whitespacesAndNewlines)), number < .max { return number }
        logger.warning(
            """
            the number of the last process of this node is lost: it is counted anew, and the node waits until the \
            coordinator has given up the process before
            """,
            metadata: ["file": "\(file.path)", "found": "\(text.prefix(40))"])
        return 0
    }
}
