import LocalCluster
import Files
import Foundation

/// The cluster that commands mean when they name none: the first one brought up on this machine by this user that
/// was not taken down since. One file, `~/.martlet/current`, holds the path of its data folder.
struct CurrentCluster {
    var pointer: URL

    init(home: URL = HomeFolder.of()) {
        pointer = home.appending(path: ".martlet/current")
    }

    /// The recorded cluster, running or not; nil where none is recorded.
    var recorded: ClusterFolder? {
        guard let bytes = try? SmallFile.read(pointer.path, limit: 1 << 16) else { return nil }
        let path = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return path.isEmpty ? nil : ClusterFolder(root: URL(filePath: path, directoryHint: .isDirectory))
    }

    /// The recorded cluster, if it was not taken down: all of its processes may have been killed.
    var folder: ClusterFolder? { recorded.flatMap { $0.wasStarted || $0.isUp ? $0 : nil } }

    /// Makes a cluster the current one unless another one is. Returns the current one's folder.
    func record(_ folder: ClusterFolder) throws -> ClusterFolder {
        if let current = recorded, current.isUp { return current }
        try Folder.make(pointer.deletingLastPathComponent())
        try OutputFile.write(Array((folder.root.path + "\n").utf8), to: pointer.path)
        return folder
    }

    /// Forgets what is recorded once it no longer runs.
    func forgetIfStopped() {
        if folder == nil { try? FileManager.default.removeItem(at: pointer) }
    }

    /// Why a command that names no cluster has none to go to: where it looked, and which it could have meant.
    func nothingFound(running: [ClusterFolder]) -> String {
        let looked =
            recorded.map {
                "the cluster in \($0.root.path), which \(pointer.path) names, does not run "
                    + "(`martlet cluster up \($0.option)` starts it)"
            }
            ?? "\(pointer.path) names no cluster"
        let remedy =
            if running.isEmpty {
                "no other runs on this machine: start one with `martlet cluster up -f cluster/local.yaml`"
            } else {
                "others run on this machine, name the one you mean with -f FILE or the variable "
                    + "\(ClusterOption.variable):"
                    + running.map { "\n  \($0.recordedFile()?.name ?? "?") in \($0.root.path) (\($0.option))" }.joined()
            }
        return "no cluster was named, and \(looked); \(remedy)"
    }
}
