import LocalCluster
import ArgumentParser
import Coordinator
import Files
import Foundation

struct ClusterRestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a backup in the place of a cluster's state, models and data.",
        discussion: """
            Example: martlet cluster restore -f cluster/local.yaml /backup/martlet-monday

            The coordinator must not run. The backup is verified first; what is replaced is kept beside it.
            """)

    @Argument(
        help: "A folder that `martlet cluster backup` has made.", completion: .directory, transform: HomeFolder.expand)
    var backup: String

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        let folder = try cluster.folder()
        try folder.create()
        let (summary, replaced) = try await folder.restore(BackupFolder(URL(filePath: backup)))
        var lines = ["restored \(backup)"] + summary.lines
        if let replaced { lines.append("what was there lies in \(replaced.path): remove it when all is well") }
        lines.append("`martlet cluster up \(cluster.text(for: folder))` starts the cluster from it")
        try output.show(summary, lines: lines)
    }
}
