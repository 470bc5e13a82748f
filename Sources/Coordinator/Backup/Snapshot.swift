package import JobProtocol
package import Checkpoints
package import Foundation

/// A coordinator's folder as it was at one moment: the state, its identity, and the contents of its store.
///
/// Made beside the original, where contents cost no room: they never change, so a second name for the same file does.
/// Whoever wants a copy that outlives the disk copies the snapshot.
package enum Snapshot {
    private static let prefix = "backup-"

    /// Blocks on the disk. Nothing may be removed from the store meanwhile: what the state refers to is in the store
    /// until a later state no longer does.
    package static func make(of state: StateStore, _ store: ContentStore, in data: URL) throws -> (URL, BackupSummary) {
        try removeAll(in: data)
        let folder = data.appending(path: prefix + UUID().uuidString.lowercased())
        do {
            return (folder, try write(state, store, to: folder))
        } catch {
            // The error that counts is the first; what is left is removed at the next start.
            try? FileManager.default.removeItem(at: folder)
            throw error
        }
    }

    /// Removes those that nobody came for.
    static func removeAll(in data: URL) throws {
        let files = FileManager.default
        for name in try files.contentsOfDirectory(atPath: data.path) where name.hasPrefix(prefix) {
            try files.removeItem(at: data.appending(path: name))
        }
    }

    private static func write(
        _ state: StateStore, _ store: ContentStore, to folder: URL
    ) throws -> BackupSummary {
        let copy = CoordinatorFolder(folder)
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        do {
            try state.copy(to: copy.state)
        } catch {
            throw BackupError.fileSystem("a copy beside it, with which a backup begins: \(state.words(for: error))")
        }
        try IdentityFile(in: folder).write(state.clusterID)
        let target = try ContentStore(root: copy.store)
        for digest in try store.contents() { try target.link(digest, from: store) }
        return try BackupFolder(folder, ofCluster: folder).summary()
    }
}
