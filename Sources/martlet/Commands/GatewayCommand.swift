import ArgumentParser
import Gateway
import Wire

struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "Run a gateway: HTTP in, answers of the inference nodes out.",
        discussion: "Example: martlet gateway --config .martlet/local/configuration/gateway-0.yaml")

    @OptionGroup var options: ConfigurationOption

    func run() async throws {
        try await NodeProcess.run(options.path, as: .gateway) { node in
            try GatewayNode(node.configuration, messenger: node.messenger, logger: node.logger) { endpoint in
                node.announce(endpoint)
            }
        }
    }
}
