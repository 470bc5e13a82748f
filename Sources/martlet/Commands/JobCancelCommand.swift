import ArgumentParser
import Cluster

struct JobCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "End a job or a launch that waits or runs; a job's checkpoints stay.",
        discussion: "Example: martlet job cancel digits-1")

    @OptionGroup var job: JobArgument
    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        try await OperatorSession.with(cluster.folder()) { session in
            if try await session.client.status().launches.contains(where: { $0.id == job.id }) {
                let status = try await session.client.cancelLaunch(job.id)
                return try output.show(status, lines: ["launch \(status.id) is \(status.state.rawValue)"])
            }
            let status = try await session.client.cancel(job.id)
            try output.show(status, lines: ["job \(status.id) is \(status.state.rawValue)"])
        }
    }
}
