import LocalCluster
import ArgumentParser
import Foundation

struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Print the log of a node of this machine.",
        discussion: "Example: martlet logs worker-0 --follow")

    @Argument(help: "Name of the node, as `martlet nodes` shows it.")
    var node: String

    @OptionGroup var cluster: ClusterOption

    @Flag(name: .long, help: "Go on printing what is added, until Ctrl-C.")
    var follow = false

    func run() async throws {
        let folder = try cluster.folder()
        let log = folder.log(of: node)
        guard FileManager.default.fileExists(atPath: log.path) else {
            let nodes = try folder.logNames().filter { $0.hasSuffix(".log") }.map { $0.dropLast(4) }.sorted()
            throw CommandFailure(
                "there is no log of a node '\(node)' in \(folder.logs.path); there are logs of: "
                    + (nodes.isEmpty ? "none" : nodes.joined(separator: ", ")))
        }
        let reader = try LogReader(log)
        try reader.copyNew()
        if follow { try await reader.follow() }
    }
}
