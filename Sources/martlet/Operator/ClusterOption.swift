import ArgumentParser
import Cluster
import Foundation

/// `-f cluster/local.yaml`: which cluster a command means.
struct ClusterOption: ParsableArguments {
    static let variable = "MARTLET_CLUSTER"

    @Option(
        name: [.customShort("f"), .customLong("cluster")],
        help: ArgumentHelp(
            "The cluster file. Default: the one that \(Self.variable) names, else the running cluster of this machine.",
            valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var path: String?

    /// The cluster file that was named, by option or by environment.
    func namedFile() throws -> ClusterFile? {
        guard let path = path ?? ProcessInfo.processInfo.environment[Self.variable], !path.isEmpty else { return nil }
        return try ClusterFile(contentsOf: URL(filePath: path))
    }

    /// The folder of the cluster that is meant.
    func folder() throws -> ClusterFolder {
        if let file = try namedFile() { return ClusterFolder(root: file.data) }
        if let folder = CurrentCluster().folder { return folder }
        throw CommandFailure(
            "no cluster runs on this machine: start one with `martlet cluster up -f cluster/local.yaml`, or name its "
                + "file with -f FILE or the variable \(Self.variable)")
    }
}
