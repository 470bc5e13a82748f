import ArgumentParser
import Nodes
import Wire

struct InferenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inference",
        abstract: "Run an inference node, which answers requests from the models it holds.",
        discussion: "Example: martlet inference --config .martlet/local/configuration/inference-0.yaml")

    @OptionGroup var options: ConfigurationOption

    func run() async throws {
        try await NodeProcess.run(options.path, as: .inference) { node in
            let inference = try InferenceNode(node.configuration, messenger: node.messenger, logger: node.logger)
            node.announce(inference.endpoint)
            return inference
        }
    }
}
