import JobProtocol
import ClusterProtocol
import ArgumentParser

struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List all models and their aliases.",
        discussion: "Example: martlet models")

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        let models = try await OperatorSession.with(cluster.folder()) { try await $0.client.models() }
            .sorted { $0.name < $1.name }
        let lines =
            models.isEmpty
            ? ["no models yet: martlet train JOB.yaml makes one"] : ModelsView.lines(models, width: Output.width)
        try output.show(models, lines: lines)
    }
}
