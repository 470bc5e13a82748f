import Coordinator
import Files
import Foundation

extension ClusterFolder {
    var coordinator: CoordinatorFolder { CoordinatorFolder(data(of: NodeName.coordinator)) }

    /// A backup that is verified and about to get the coordinator's place.
    var restored: URL { coordinator.root.deletingLastPathComponent().appending(path: "coordinator.restored") }

    /// Does the last step of a restore that was cut off before it: without it the coordinator would begin an empty
    /// cluster. Returns whether there was one. Only under the cluster's lock.
    func finishRestore() throws -> Bool {
        let files = FileManager.default
        guard !files.fileExists(atPath: coordinator.root.path), files.fileExists(atPath: restored.path) else {
            return false
        }
        try files.moveItem(at: restored, to: coordinator.root)
        try DurableFile.synchronize(folder: coordinator.root.deletingLastPathComponent())
        return true
    }
}
