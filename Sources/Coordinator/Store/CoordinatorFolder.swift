package import Foundation

/// The names of what lies in a coordinator's folder, and in a backup of it.
package struct CoordinatorFolder: Sendable, Equatable {
    package let root: URL

    package init(_ root: URL) { self.root = root }

    package var state: URL { root.appending(path: "state.sqlite") }
    /// What of the state is not in the database's first file yet.
    var log: URL { root.appending(path: "state.sqlite-wal") }
    package var store: URL { root.appending(path: "store") }
    /// What happened to the control plane, see `JournalFolder`.
    package var journal: URL { root.appending(path: "journal") }
    /// The contents of the store.
    package var objects: URL { store.appending(path: "objects") }
    /// Held by the process that works on the folder.
    package var lock: URL { root.appending(path: "lock") }
    /// Held by the command that makes a backup of it.
    package var backupLock: URL { root.appending(path: "backup.lock") }

    /// Whether the folder is a cluster's and the database is not there. A process that has it open goes on with it until
    /// it ends.
    package var lacksState: Bool {
        FileManager.default.fileExists(atPath: IdentityFile(in: root).url.path)
            && !FileManager.default.fileExists(atPath: state.path)
    }

    /// What stands in the place of a file of the database, in words; nil where there are files or nothing.
    package var stateObstacle: String? {
        guard case .noFile(let found)? = DatabaseFile.obstacle(at: state.path) else { return nil }
        return found
    }

    /// Whether the store holds any content. Blocks on the disk.
    package var holdsContent: Bool {
        let files = FileManager.default.enumerator(at: objects, includingPropertiesForKeys: nil)
        return files?.contains { ($0 as? URL).map { !$0.hasDirectoryPath } ?? false } ?? false
    }
}
