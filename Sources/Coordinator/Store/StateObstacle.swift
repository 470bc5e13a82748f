import GRDB
import Glibc

/// What keeps a database from being used although nothing need be wrong with what it holds: the disk, the system, or
/// another process is in the way. A backup put back would meet the same.
package enum StateObstacle: Sendable, Equatable {
    case diskFull, inUse, notPermitted, diskFails, outOfMemory, tooManyFiles
    /// Something else stands in its place, which these words name.
    case noFile(String)

    /// Nil for an error that says something of the content.
    ///
    /// - Parameter lacksDescriptors: whether this process can open hardly any file; SQLite gives the same error for that
    ///   as for a file that it may not open.
    init?(
        _ error: DatabaseError, lacksDescriptors: @autoclosure () -> Bool = StateObstacle.lacksDescriptors
    ) {
        switch (error.resultCode, error.extendedResultCode) {
        // The index of the log lies in a file of its own, which the disk has no room for.
        case (_, .SQLITE_IOERR_SHMSIZE), (.SQLITE_FULL, _): self = .diskFull
        case (.SQLITE_BUSY, _), (.SQLITE_LOCKED, _), (.SQLITE_PROTOCOL, _): self = .inUse
        case (.SQLITE_CANTOPEN, _) where lacksDescriptors(): self = .tooManyFiles
        case (.SQLITE_CANTOPEN, _), (.SQLITE_READONLY, _), (.SQLITE_PERM, _), (.SQLITE_AUTH, _): self = .notPermitted
        case (.SQLITE_IOERR, _): self = .diskFails
        case (.SQLITE_NOMEM, _): self = .outOfMemory
        default: return nil
        }
    }

    /// Whether there are fewer descriptors left than a database needs. What it had opened may be closed again by now, so
    /// that one more can be opened means nothing.
    private static var lacksDescriptors: Bool {
        var descriptors: [Int32] = []
        defer { for descriptor in descriptors { close(descriptor) } }
        while descriptors.count < 16 {
            let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return errno == EMFILE }
            descriptors.append(descriptor)
        }
        return false
    }

    /// What is so, and what to do.
    var words: String {
        switch self {
        case .diskFull: "the disk that it lies on is full; make room there"
        case .inUse: "another process has it open and locked; `fuser` with the file's name tells which: end that"
        case .notPermitted:
            "it, or its folder, cannot be opened for reading and writing; let the user that the cluster runs as do so"
        case .diskFails: "the disk failed to read or write it; the system's log (dmesg) tells more"
        case .tooManyFiles: "there are too many open files for it to be opened too; raise `ulimit -n`"
        case .outOfMemory: "the system gives no memory; end something else"
        case .noFile(let found): "\(found); move that away"
        }
    }
}
