import JobProtocol
import ArgumentParser
import Foundation

struct NodesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nodes",
        abstract: "List the nodes and what each does.",
        discussion: "Example: martlet nodes --json")

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        let status = try await OperatorSession.with(cluster.folder()) { try await $0.client.status() }
        try output.show(
            status.nodes, lines: StatusView(status: status, now: Date(), width: Output.width).nodeLines())
    }
}
