import JobProtocol
import ArgumentParser

struct JobDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Forget a job that is over, with its curve and report; the version it made stays.",
        discussion: "Example: martlet job delete digits-1")

    @OptionGroup var job: JobArgument
    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        let deletion = try await OperatorSession.with(cluster.folder()) { try await $0.client.deleteJob(job.id) }
        try deletion.show(output)
    }
}
