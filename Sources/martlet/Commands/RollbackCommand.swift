import ArgumentParser
import Cluster

struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Let the version that an alias had before answer again.",
        discussion: """
            Example: martlet rollback digits

            The version before is kept loaded on its nodes, so this takes no longer than telling the gateways.
            """)

    @Argument(help: "The model.")
    var name: String

    @Option(name: .customLong("alias"), help: "The alias to put back.")
    var alias = "production"

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        let promotion = try await OperatorSession.with(cluster.folder()) { session in
            try await session.client.rollback(name, alias: alias)
        }
        try promotion.show(output)
    }
}
