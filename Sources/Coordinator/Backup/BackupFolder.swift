package import JobProtocol
import ControlPlane
import Checkpoints
import Digests
import Explanations
import Files
package import Foundation
import GRDB

/// A backup on some disk: looked at, copied and put back. All calls block on the disk.
package struct BackupFolder: Sendable {
    let folder: CoordinatorFolder
    /// The folder that errors name.
    private let original: Original

    /// What a folder, or a passing copy of it, is.
    private enum Original {
        case backup(path: String)
        case cluster(path: String)

        var path: String {
            switch self {
            case .backup(let path), .cluster(let path): path
            }
        }
    }

    private var path: String { original.path }

    package init(_ root: URL) { self.init(root, of: .backup(path: root.path)) }

    /// A coordinator's own folder, or a passing copy of it.
    package init(_ root: URL, ofCluster coordinator: URL) { self.init(root, of: .cluster(path: coordinator.path)) }

    private init(_ root: URL, of original: Original) {
        folder = CoordinatorFolder(root)
        self.original = original
    }

    /// What it says it holds; nothing but the state is read.
    func summary() throws -> BackupSummary {
        let contents = try store().listing().contents
        return try read { database, cluster in
            BackupSummary(
                cluster: cluster, versions: try StoredVersion.fetchCount(database),
                jobs: try StoredJob.fetchCount(database), contents: contents.count,
                contentBytes: contents.reduce(0) { $0 + $1.bytes })
        }
    }

    /// Reads all of it: whether the state is whole, the store has what the state needs, and each content is what its
    /// digest says. Throws `BackupError`, with all that is lacking.
    @discardableResult
    package func verify() throws -> BackupSummary {
        let store = try self.store()
        let gaps = try store.gapsByReading(in: try needs())
        guard gaps.isEmpty else {
            switch original {
            case .backup: throw BackupError.backupLacks(path, gaps)
            case .cluster: throw BackupError.clusterLacks(path, gaps)
            }
        }
        return try summary()
    }

    /// What of the state's contents the store lacks, as far as that is seen without reading them. Of a coordinator that
    /// runs as well: what it replaces between a look at the state and one at the store is not there the first time only.
    package func gaps() throws -> [ContentGap] {
        let store = try self.store()
        let first = store.gaps(in: try needs())
        return first.isEmpty ? [] : store.gaps(in: try needs()).filter(first.contains)
    }

    /// What lies in the place of contents and is none, in words.
    package func obstacles() throws -> [String] {
        try store().listing().obstacles.map(\.description)
    }

    private func needs() throws -> [ContentDigest: ContentNeed] {
        try read { database, _ in try StateStore.load(from: database).needs }
    }

    /// Copies it to a folder that is not there yet, verifies the copy, and only then, with all of it on the disk, gives it
    /// its name. What is no part of a backup is left out, in the store as well.
    package func copy(to target: URL) throws -> BackupSummary {
        let files = FileManager.default
        try checkNames()
        // A link that leads nowhere is something that is there.
        guard (try? files.attributesOfItem(atPath: target.path)) == nil else {
            throw BackupError.targetExists(target.path)
        }
        let parent = target.deletingLastPathComponent()
        guard files.fileExists(atPath: parent.path) else { throw BackupError.noParent(target.path) }
        let what =
            switch original {
            case .backup: "the restore from \(path)"
            case .cluster: "the backup to \(target.path)"
            }
        let partial = parent.appending(path: target.lastPathComponent + ".partial")
        do {
            if files.fileExists(atPath: partial.path) { try files.removeItem(at: partial) }
            // Readable by its owner only, whatever the mode of the folder that is copied.
            guard mkdir(partial.path, 0o700) == 0 else {
                throw BackupError.fileSystem(
                    "\(what) failed: \(parent.path) takes no folder: " + String(cString: strerror(errno)))
            }
            for file in [folder.state, folder.log, IdentityFile(in: folder.root).url]
            where files.fileExists(atPath: file.path) {
                try files.copyItem(
                    at: file.resolvingSymlinksInPath(), to: partial.appending(path: file.lastPathComponent))
            }
            try copyContents(to: CoordinatorFolder(partial).store)
            let summary = try BackupFolder(partial, of: original).verify()
            try DurableFile.synchronize(allOf: partial)
            try files.moveItem(at: partial, to: target)
            try DurableFile.synchronize(folder: parent)
            return summary
        } catch {
            // The error that counts is the first.
            try? files.removeItem(at: partial)
            if let error = error as? BackupError { throw error }
            throw BackupError.fileSystem("\(what) failed: \(error.explanation)")
        }
    }

    private func copyContents(to target: URL) throws {
        let (source, copy) = (try store(), try ContentStore(root: target))
        for content in try source.listing().contents where source.isReadable(content.digest) {
            let place = copy.url(of: content.digest)
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
            // A link to a file elsewhere becomes a file.
            try FileManager.default.copyItem(
                at: source.url(of: content.digest).resolvingSymlinksInPath(), to: place)
        }
    }

    private func checkNames() throws(BackupError) {
        guard FileManager.default.fileExists(atPath: folder.root.path) else { throw .notThere(path) }
        let parts = [(folder.store, S_IFDIR), (folder.state, S_IFREG), (IdentityFile(in: folder.root).url, S_IFREG)]
        for (file, kind) in parts {
            var status = stat()
            guard stat(file.path, &status) == 0 else { throw .notABackup(path, missing: file.lastPathComponent) }
            // A pipe would be waited for without end.
            if case .cluster = original, file == folder.state, let obstacle = DatabaseFile.obstacle(at: file.path) {
                throw .fileSystem("\(file.path) cannot be read: \(obstacle.words)")
            }
            guard status.st_mode & S_IFMT == kind else {
                let found = FileKind.name(of: status.st_mode)
                throw damaged(file, "it is \(found), expected \(FileKind.name(of: kind))")
            }
        }
    }

    private func store() throws -> ContentStore {
        try checkNames()
        return ContentStore(openedElsewhere: folder.store)
    }

    /// Reads the state without changing it.
    private func read<Result>(_ body: (Database, _ cluster: String) throws -> Result) throws -> Result {
        try checkNames()
        let cluster = try identity()
        if let obstacle = DatabaseFile.obstacle(at: folder.state.path) {
            throw BackupError.fileSystem("\(folder.state.path) cannot be read: \(obstacle.words)")
        }
        do {
            var configuration = Configuration()
            configuration.readonly = true
            return try DatabaseQueue(path: folder.state.path, configuration: configuration).read { database in
                if let damage = try database.damage() { throw damaged(folder.state, damage) }
                guard try database.tableExists("cluster") else {
                    throw damaged(folder.state, "it is a database, and holds no state of a cluster")
                }
                guard try String.fetchOne(database, sql: "SELECT id FROM cluster") == cluster else {
                    throw damaged(
                        folder.state, "it is not that of cluster \(cluster), which \(IdentityFile.name) names")
                }
                return try body(database, cluster)
            }
        } catch let error as DatabaseError {
            if let obstacle = StateObstacle(error) {
                throw BackupError.fileSystem("\(folder.state.path) cannot be read: \(obstacle.words)")
            }
            throw damaged(folder.state, error.sentence)
        }
    }

    /// The cluster that it says it is of.
    private func identity() throws -> String {
        let file = IdentityFile(in: folder.root)
        do {
            guard let cluster = try file.read() else { throw BackupError.notABackup(path, missing: IdentityFile.name) }
            return cluster
        } catch is StateError {
            throw damaged(file.url, "it should say which cluster this is of, as {\"cluster\": ID}, and does not")
        }
    }

    /// A file of it that is not what it should be, by its place in the folder that was named.
    private func damaged(_ file: URL, _ reason: String) -> BackupError {
        // Whichever copy was read, the original is what people know.
        let file = "\(path)/\(file.lastPathComponent)"
        return switch original {
        case .backup: .damaged(file: file, reason: reason, remedy: "take another backup")
        case .cluster: .damaged(file: file, reason: reason, remedy: "put a backup back")
        }
    }
}
