import Cluster
import Foundation

/// The cluster that commands mean when they name none: the first one brought up on this machine by this user that
/// still runs. One file, `~/.martlet/current`, holds the path of its data folder.
struct CurrentCluster {
    var pointer: URL

    init(home: URL = FileManager.default.homeDirectoryForCurrentUser) {
        pointer = home.appending(path: ".martlet/current")
    }

    /// The recorded cluster, if any of its processes runs.
    var folder: ClusterFolder? {
        guard let data = try? Data(contentsOf: pointer) else { return nil }
        let path = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        let folder = ClusterFolder(root: URL(filePath: path, directoryHint: .isDirectory))
        return folder.runningNodes().isEmpty ? nil : folder
    }

    /// Makes a cluster the current one unless another one is. Returns the current one's folder.
    func record(_ folder: ClusterFolder) throws -> ClusterFolder {
        if let current = self.folder { return current }
        try FileManager.default.createDirectory(
            at: pointer.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data((folder.root.path + "\n").utf8).write(to: pointer, options: .atomic)
        return folder
    }

    /// Forgets what is recorded once it no longer runs.
    func forgetIfStopped() {
        if folder == nil { try? FileManager.default.removeItem(at: pointer) }
    }
}
