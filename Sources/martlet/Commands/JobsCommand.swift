import ArgumentParser
import Cluster
import Foundation

struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "List all jobs and launches, newest first.",
        discussion: "Example: martlet jobs")

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        let (found, launches) = try await OperatorSession.with(cluster.folder()) {
            (try await $0.client.jobs(), try await $0.client.status().launches)
        }
        let jobs = found.sorted { $0.submitted > $1.submitted }
        var lines =
            jobs.isEmpty
            ? ["no jobs yet: martlet train JOB.yaml"] : JobsView(jobs: jobs, now: Date(), width: Output.width).lines()
        if !launches.isEmpty {
            lines += [""] + LaunchesView(launches: launches, now: Date(), width: Output.width).lines()
        }
        try output.show(jobs, lines: lines)
    }
}
