package import JobProtocol
package import Coordinator
import Checkpoints
import Files
package import Foundation

extension ClusterFolder {
    /// A coordinator that refuses its state, and that a supervisor has started once more, ends within this.
    private static let refusalPatience = Duration.seconds(2)

    /// One backup waits for another as long.
    private static let backupPatience = Duration.seconds(20)

    /// Does `body`, which makes a backup, while no other is made: what lies beside the state for one is nobody else's.
    package func whileNoOtherBackup<Result>(_ body: () async throws -> Result) async throws -> Result {
        guard FileManager.default.fileExists(atPath: coordinator.state.path) else {
            throw BackupError.nothingToBackUp(folder: coordinator.root.path)
        }
        return try await FileLock.hold(
            coordinator.backupLock, patience: Self.backupPatience,
            busy: BackupError.anotherBackup(folder: coordinator.root.path), body)
    }

    /// A backup of a cluster whose coordinator does not run.
    package func backUp(to target: URL) async throws -> BackupSummary {
        guard FileManager.default.fileExists(atPath: coordinator.state.path) else {
            throw BackupError.nothingToBackUp(folder: coordinator.root.path)
        }
        try checkTarget(target)
        return try await whileNoCoordinatorRuns {
            let state = try StateStore(file: coordinator.state, holdsContent: coordinator.holdsContent)
            let store = try ContentStore(root: coordinator.store, keepingUploads: true)
            let (snapshot, _) = try Snapshot.make(of: state, store, in: coordinator.root)
            try state.close()
            defer { try? FileManager.default.removeItem(at: snapshot) }
            return try copy(snapshot, to: target)
        }
    }

    /// Copies a snapshot of the coordinator's folder, which lies beside it, and calls it by the name of that folder.
    package func copy(_ snapshot: URL, to target: URL) throws -> BackupSummary {
        try BackupFolder(snapshot, ofCluster: coordinator.root).copy(to: target)
    }

    /// Whether a backup may be made there. Throws `BackupError`.
    package func checkTarget(_ target: URL) throws {
        guard (try? FileManager.default.attributesOfItem(atPath: target.path)) == nil else {
            throw BackupError.targetExists(target.path)
        }
        let place = target.deletingLastPathComponent().resolvingSymlinksInPath().pathComponents
        if place.starts(with: root.resolvingSymlinksInPath().pathComponents) {
            throw BackupError.targetInside(target.path, folder: root.path)
        }
    }

    /// Puts a backup in the place of the coordinator's state and store, once a copy of it is verified. What was there is
    /// kept.
    ///
    /// Returns what the backup holds, and where the replaced folder lies; nil where there was none.
    package func restore(_ backup: BackupFolder) async throws -> (BackupSummary, replaced: URL?) {
        let files = FileManager.default
        let present = coordinator.root
        // Of one that was cut off: what it had put back is what is there now.
        _ = try await FileLock.hold(
            lock, patience: Self.supervisorPatience, busy: LaunchError.busy(folder: root.path)
        ) { try finishRestore() }
        let isNew = !files.fileExists(atPath: present.path)
        try Folder.make(present, mode: 0o700)
        do {
            return try await whileNoCoordinatorRuns {
                try removeIfThere(restored)
                let summary = try backup.copy(to: restored)
                let replaced = unusedName(for: present)
                // Between the two there is no state at all, until `finishRestore` if this command is killed there; `up`
                // waits for it, for it holds the cluster's lock.
                try files.moveItem(at: present, to: replaced)
                try files.moveItem(at: restored, to: present)
                try DurableFile.synchronize(folder: present.deletingLastPathComponent())
                if isNew { try files.removeItem(at: replaced) }
                return (summary, isNew ? nil : replaced)
            }
        } catch {
            // An empty folder would pass for a new cluster's. The error that counts is the first.
            if isNew, (try? files.contentsOfDirectory(atPath: present.path)) == [coordinator.lock.lastPathComponent] {
                try? files.removeItem(at: present)
            }
            throw error
        }
    }

    private func whileNoCoordinatorRuns<Result>(_ body: () throws -> Result) async throws -> Result {
        try await FileLock.hold(
            lock, patience: Self.supervisorPatience, busy: LaunchError.busy(folder: root.path)
        ) {
            try await FileLock.hold(
                coordinator.lock, patience: Self.refusalPatience,
                busy: BackupError.coordinatorRuns(folder: coordinator.root.path), body)
        }
    }

    private func unusedName(for folder: URL) -> URL {
        var number = 1
        while true {
            let name = folder.deletingLastPathComponent()
                .appending(path: "\(folder.lastPathComponent).replaced-\(number)")
            if !FileManager.default.fileExists(atPath: name.path) { return name }
            number += 1
        }
    }
}
