import Cluster
import Foundation

/// The clusters of this machine, found by their processes: no list of them can be out of date.
enum RunningClusters {
    /// Data folders of those that this user may look at, by path.
    static func all() -> [ClusterFolder] {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let roots = Set(processes.compactMap { Int32($0) }.compactMap(root)).sorted()
        return roots.map { ClusterFolder(root: URL(filePath: $0, directoryHint: .isDirectory)) }.filter(\.isUp)
    }

    /// Of the cluster that a process is of.
    private static func root(_ process: Int32) -> String? {
        let bytes = (try? FileHandle(forReadingAtPath: "/proc/\(process)/cmdline")?.readToEnd()) ?? Data()
        return root(arguments: bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
    }

    /// From the command line of a node, `martlet coordinator --config ROOT/configuration/coordinator.yaml`.
    static func root(arguments: [String]) -> String? {
        guard arguments.count == 4, arguments[2] == "--config" else { return nil }
        let file = URL(filePath: arguments[3])
        let folder = file.deletingLastPathComponent()
        guard folder.lastPathComponent == "configuration", file.lastPathComponent.hasSuffix(".yaml") else { return nil }
        return folder.deletingLastPathComponent().standardizedFileURL.path
    }
}
