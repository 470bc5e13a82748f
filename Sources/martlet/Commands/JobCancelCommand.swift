import ArgumentParser
import Cluster

struct JobCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "End a job that waits or runs; its checkpoints stay.",
        discussion: "Example: martlet job cancel digits-1")

    @OptionGroup var job: JobArgument
    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        let status = try await OperatorSession.with(cluster.folder()) { try await $0.client.cancel(job.id) }
        try output.show(status, lines: ["job \(status.id) is \(status.state.rawValue)"])
    }
}
