import ArgumentParser

struct JobWaitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Follow a job until it ends; 0 if it finished, 1 if it failed or was cancelled.",
        discussion: "Example: martlet job wait digits-1 && martlet promote digits:1")

    @OptionGroup var job: JobArgument
    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        try await OperatorSession.with(cluster.folder()) { session in
            try await TrainFollower(session: session, job: job.id, output: output).run()
        }
    }
}
