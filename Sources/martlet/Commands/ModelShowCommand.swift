import ArgumentParser
import Cluster

struct ModelShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show all versions of a model, or everything about one.",
        discussion: """
            Examples:
              martlet model show digits
              martlet model show digits:2
              martlet model show digits@production --json
            """)

    @Argument(help: "NAME, NAME:VERSION or NAME@ALIAS.")
    var model: VersionReference

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        let status = try await OperatorSession.with(cluster.folder()) { try await $0.client.model(model.name) }
        guard model.selector != .all else {
            return try output.show(status, lines: ModelsView.versionLines(status, width: Output.width))
        }
        let version = try model.version(in: status)
        try output.show(version, lines: ModelsView.lines(version, of: status))
    }
}
