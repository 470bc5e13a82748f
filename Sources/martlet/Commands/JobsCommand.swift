import JobProtocol
import ArgumentParser
import Foundation

struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "List jobs and launches, newest first.",
        discussion: """
            Examples:
              martlet jobs
              martlet jobs --all --json

            Of the loss curve there is the last epoch alone; `martlet job show` has the rest.
            """)

    @Flag(help: "List all jobs, and not only the newest \(Self.shown).")
    var all = false

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    /// Jobs that are listed unless all are asked for.
    private static let shown = 50

    func run() async throws {
        let (list, launches) = try await OperatorSession.with(cluster.folder()) {
            (try await $0.client.jobs(newest: all ? nil : Self.shown), try await $0.client.status().launches)
        }
        let jobs = list.jobs
        var lines =
            jobs.isEmpty
            ? ["no jobs yet: martlet train JOB.yaml"] : JobsView(jobs: jobs, now: Date(), width: Output.width).lines()
        if let rest = JobsView.rest(shown: jobs.count, total: list.total) {
            if output.json { Output.note(rest) }
            lines += ["", rest]
        }
        if !launches.isEmpty {
            lines += [""] + LaunchesView(launches: launches, now: Date(), width: Output.width).lines()
        }
        try output.show(jobs, lines: lines)
    }
}
