import ArgumentParser
import Cluster
import Foundation

struct ClusterStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the processes of a cluster on this machine, without asking any of them.",
        discussion: """
            Example: martlet cluster status -f cluster/local.yaml

            Ends with 1 when a process that was started does not run, or none was. What the nodes say of themselves \
            is shown by `martlet status`.
            """)

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        let folder = try cluster.folder()
        let processes = folder.processes().sorted { $0.key < $1.key }.map { node, record in
            ProcessLine(
                node: node, processID: record.processID, runs: record.isAlive, endpoint: folder.endpoint(of: node),
                log: folder.log(of: node).path)
        }
        try output.show(processes, lines: ProcessLine.lines(processes, folder: folder, width: Output.width))
        if processes.isEmpty || processes.contains(where: { !$0.runs }) { throw ExitCode.failure }
    }
}

/// One process in the table of `martlet cluster status`.
struct ProcessLine: Encodable {
    var node: String
    var processID: Int32
    var runs: Bool
    var endpoint: String?
    var log: String

    static func lines(_ processes: [ProcessLine], folder: ClusterFolder, width: Int?) -> [String] {
        guard !processes.isEmpty else { return ["no process of the cluster in \(folder.root.path) was started"] }
        let columns: [TextTable.Column] = [
            .init("NODE"), .init("PROCESS", .right), .init("STATE"), .init("ADDRESS"), .init("LOG"),
        ]
        let rows = processes.map {
            [$0.node, String($0.processID), $0.runs ? "runs" : "ended", $0.endpoint ?? "-", $0.log]
        }
        return TextTable(columns: columns, rows: rows).lines(width: width)
    }
}
