import ArgumentParser
import Cluster
import Wire

struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "Run a gateway: HTTP in, answers of the inference nodes out.",
        discussion: "Example: martlet gateway --config .martlet/local/configuration/gateway-0.yaml")

    @OptionGroup var options: ConfigurationOption
}
