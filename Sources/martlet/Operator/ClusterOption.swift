import ArgumentParser
import LocalCluster
import Foundation
import StrictYAML

/// `-f cluster/local.yaml`: which cluster a command means.
struct ClusterOption: ParsableArguments {
    static let variable = "MARTLET_CLUSTER"

    @Option(
        name: [.customShort("f"), .customLong("cluster")],
        help: ArgumentHelp(
            "The cluster file; - is standard input. Default: the one that \(Self.variable) names, else the first that you brought up and did not take down.",
            valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var path: String?

    /// The path that was named, by option or by environment.
    func namedPath(environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
        guard let path = path ?? environment[Self.variable], !path.isEmpty else { return nil }
        return path
    }

    /// How the cluster is named to another command: as it was to this one, where that can be said again.
    func text(
        for folder: ClusterFolder, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String {
        guard let named = namedPath(environment: environment), !YAMLSource.isStream(URL(argument: named)) else {
            return folder.option
        }
        return "-f \(named)"
    }

    /// The cluster file that was named.
    func namedFile(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> ClusterFile? {
        guard let named = namedPath(environment: environment) else { return nil }
        do {
            return try ClusterFile(contentsOf: URL(argument: named))
        } catch {
            guard path == nil else { throw error }
            throw CommandFailure("the variable \(Self.variable) names the cluster file: \(error)")
        }
    }

    /// The folder of the cluster that is meant, which this user may look into.
    func folder() throws -> ClusterFolder {
        if let file = try namedFile() {
            let folder = ClusterFolder(root: file.data)
            try folder.checkAccess()
            return folder
        }
        let current = CurrentCluster()
        if let folder = current.folder { return folder }
        throw CommandFailure(current.nothingFound(running: RunningClusters.all()))
    }
}
