import JobProtocol
import ArgumentParser
import Foundation

struct JobShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show state, loss curve and metrics of a job.",
        discussion: "Example: martlet job show digits-1 --json")

    @OptionGroup var job: JobArgument
    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        let status = try await OperatorSession.with(cluster.folder()) { try await $0.client.job(job.id) }
        try output.show(status, lines: JobView(job: status, now: Date()).lines())
    }
}
