import ArgumentParser
import Nodes
import Wire

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Run a worker, which trains.",
        discussion: "Example: martlet worker --config .martlet/local/configuration/worker-0.yaml")

    @OptionGroup var options: ConfigurationOption

    func run() async throws {
        try await NodeProcess.run(options.path, as: .worker) { node in
            let worker = try WorkerNode(node.configuration, messenger: node.messenger, logger: node.logger)
            node.announce(worker.endpoint)
            return worker
        }
    }
}
