import ArgumentParser
import LocalCluster
import Foundation

struct ClusterStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the processes of a cluster on this machine, without asking any of them.",
        discussion: """
            Example: martlet cluster status -f cluster/local.yaml

            Ends with 1 unless every process that the cluster file asks for runs. RESTARTS counts how often the \
            supervisor started a process again since the cluster came up, with the reason of its last end. \
            WARNINGS, without --json, names files that the processes need and that are gone or no files. What the nodes \
            say of themselves is shown by `martlet status`.
            """)

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        let folder = try cluster.folder()
        let processes = ProcessLine.all(in: folder)
        try output.show(processes, lines: Self.lines(processes, folder, width: Output.width))
        if processes.isEmpty || processes.contains(where: { $0.state != .runs }) { throw ExitCode.failure }
    }

    /// The processes, and what is wrong with the files that they need.
    static func lines(_ processes: [ProcessLine], _ folder: ClusterFolder, width: Int?) -> [String] {
        ProcessLine.lines(processes, folder: folder, width: width)
            + StatusDocument.lines(of: ClusterWarnings.files(in: folder))
    }
}
