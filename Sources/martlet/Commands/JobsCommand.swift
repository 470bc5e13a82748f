import ArgumentParser
import Cluster
import Foundation

struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "List all jobs, newest first.",
        discussion: "Example: martlet jobs")

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        let jobs = try await OperatorSession.with(cluster.folder()) { try await $0.client.jobs() }
            .sorted { $0.submitted > $1.submitted }
        let lines =
            jobs.isEmpty
            ? ["no jobs yet: martlet train JOB.yaml"] : JobsView(jobs: jobs, now: Date(), width: Output.width).lines()
        try output.show(jobs, lines: lines)
    }
}
