import Checkpoints
import Explanations
package import Foundation
import GRDB

/// A backup on some disk: looked at, copied and put back. All calls block on the disk.
package struct BackupFolder: Sendable {
    let folder: CoordinatorFolder
    /// As errors call it.
    private let path: String

    package init(_ root: URL) { self.init(root, path: root.path) }

    private init(_ root: URL, path: String) {
        folder = CoordinatorFolder(root)
        self.path = path
    }

    /// What it says it holds; nothing but the state is read.
    func summary() throws -> BackupSummary {
        let store = try self.store()
        let digests = try store.contents()
        return try read { database, cluster in
            BackupSummary(
                cluster: cluster, versions: try StoredVersion.fetchCount(database),
                jobs: try StoredJob.fetchCount(database), contents: digests.count,
                contentBytes: try digests.reduce(0) { $0 + (try store.size(of: $1)) })
        }
    }

    /// Reads all of it: whether the state is whole, every version has its contents, and each content is what its digest
    /// says. Throws `BackupError`.
    @discardableResult
    package func verify() throws -> BackupSummary {
        let store = try self.store()
        try read { database, _ in
            for version in try StoredVersion.fetchAll(database) {
                for digest in [version.manifest] + version.details.files.map(\.digest)
                where !store.contains(digest) {
                    throw BackupError.damaged(
                        path, reason: "\(version.name):\(version.version) needs content \(digest), which is not there")
                }
            }
        }
        do {
            for digest in try store.contents() { try store.verify(digest) }
        } catch let error as StoreError {
            throw BackupError.damaged(path, reason: error.description)
        }
        return try summary()
    }

    /// Copies it to a folder that is not there yet, verifies the copy, and only then gives it its name.
    package func copy(to target: URL) throws -> BackupSummary {
        let files = FileManager.default
        try checkNames()
        guard !files.fileExists(atPath: target.path) else { throw BackupError.targetExists(target.path) }
        let parent = target.deletingLastPathComponent()
        guard files.fileExists(atPath: parent.path) else { throw BackupError.noParent(target.path) }
        let partial = parent.appending(path: target.lastPathComponent + ".partial")
        do {
            if files.fileExists(atPath: partial.path) { try files.removeItem(at: partial) }
            // Readable by its owner only, whatever the mode of the folder that is copied.
            guard mkdir(partial.path, 0o700) == 0 else {
                throw BackupError.fileSystem(
                    "the backup to \(target.path) failed: \(parent.path) takes no folder: "
                        + String(cString: strerror(errno)))
            }
            for name in try files.contentsOfDirectory(atPath: folder.root.path) {
                try files.copyItem(at: folder.root.appending(path: name), to: partial.appending(path: name))
            }
            let summary = try BackupFolder(partial, path: path).verify()
            try files.moveItem(at: partial, to: target)
            return summary
        } catch {
            // The error that counts is the first.
            try? files.removeItem(at: partial)
            if let error = error as? BackupError { throw error }
            throw BackupError.fileSystem("the backup to \(target.path) failed: \(error.explanation)")
        }
    }

    private func checkNames() throws(BackupError) {
        for file in [folder.store, folder.state, IdentityFile(in: folder.root).url]
        where !FileManager.default.fileExists(atPath: file.path) {
            throw .notABackup(path, missing: file.lastPathComponent)
        }
    }

    private func store() throws -> ContentStore {
        try checkNames()
        return try ContentStore(root: folder.store)
    }

    /// Reads the state without changing it.
    private func read<Result>(_ body: (Database, _ cluster: String) throws -> Result) throws -> Result {
        try checkNames()
        guard let cluster = try IdentityFile(in: folder.root).read() else {
            throw BackupError.notABackup(path, missing: IdentityFile.name)
        }
        do {
            var configuration = Configuration()
            configuration.readonly = true
            return try DatabaseQueue(path: folder.state.path, configuration: configuration).read { database in
                if let damage = try database.damage() { throw BackupError.damaged(path, reason: damage) }
                guard try String.fetchOne(database, sql: "SELECT id FROM cluster") == cluster else {
                    throw BackupError.damaged(path, reason: "the state is not that of cluster \(cluster)")
                }
                return try body(database, cluster)
            }
        } catch let error as DatabaseError {
            if let obstacle = StateObstacle(error) {
                throw BackupError.fileSystem("\(folder.state.path) cannot be read: \(obstacle.words)")
            }
            throw BackupError.damaged(path, reason: error.sentence)
        }
    }
}
