import ArgumentParser
import Cluster
import Wire

struct InferenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inference",
        abstract: "Run an inference node, which answers requests from the models it holds.",
        discussion: "Example: martlet inference --config .martlet/local/configuration/inference-0.yaml")

    @OptionGroup var options: ConfigurationOption
}
