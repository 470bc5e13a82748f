import ArgumentParser
import JobProtocol
import LocalCluster
import Files
import Foundation

struct ClusterBackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy a cluster's state, models and data to a folder, as they are at one moment.",
        discussion: """
            Example: martlet cluster backup /backup/martlet-monday

            The cluster may run: training and serving go on. The copy is read back and verified before the folder \
            gets its name. Keys are secrets and not part of it.
            """)

    @Argument(
        help: "The folder to make; it must not exist.", completion: .directory, transform: HomeFolder.expand)
    var target: String

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        let folder = try cluster.folder()
        let target = URL(filePath: target)
        try folder.checkTarget(target)
        let summary = try await folder.whileNoOtherBackup {
            folder.runningNodes().contains(NodeName.coordinator)
                ? try await copyOfRunning(folder, to: target) : try await folder.backUp(to: target)
        }
        try output.show(summary, lines: ["backed up to \(target.path)"] + summary.lines)
    }

    /// The coordinator makes a snapshot, which lies beside its state; it is copied and verified from here.
    private func copyOfRunning(_ folder: ClusterFolder, to target: URL) async throws -> BackupSummary {
        let snapshot = URL(
            filePath: try await OperatorSession.with(folder) { try await $0.client.backUp() }.folder)
        defer { try? FileManager.default.removeItem(at: snapshot) }
        return try folder.copy(snapshot, to: target)
    }
}

extension BackupSummary {
    var lines: [String] {
        [
            "  cluster   \(cluster)", "  versions  \(versions)", "  jobs      \(jobs)",
            "  contents  \(contents), \(Figures.bytes(UInt64(max(0, contentBytes)))), all verified",
        ]
    }
}
