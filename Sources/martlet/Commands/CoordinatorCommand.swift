import ClusterProtocol
import ArgumentParser
import Coordinator
import Wire

struct CoordinatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coordinator",
        abstract: "Run a cluster's coordinator: membership, jobs, registry, promotion.",
        discussion: "Example: martlet coordinator --config .martlet/local/configuration/coordinator.yaml")

    @OptionGroup var options: ConfigurationOption

    func run() async throws {
        try await NodeProcess.run(options.path, as: .coordinator) { node in
            let configuration = CoordinatorConfiguration(
                data: node.configuration.data, listen: node.configuration.listen ?? "",
                timing: node.configuration.timing, retention: node.configuration.retention,
                preparer: PrepareCommand.preparer(memory: node.configuration.preparationMemory),
                journalBytes: node.configuration.journalBytes ?? NodeConfiguration.standardJournalBytes)
            return Coordinator(configuration, messenger: node.messenger, logger: node.logger) { endpoint in
                node.announce(endpoint)
            }
        }
    }
}
