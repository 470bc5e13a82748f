import ArgumentParser

struct JobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job",
        abstract: "Look at one job, wait for it, cancel or delete it, or compare it with others.",
        discussion: "Example: martlet job show digits-1",
        subcommands: [
            JobShowCommand.self, JobLogsCommand.self, JobCancelCommand.self, JobWaitCommand.self,
            JobCompareCommand.self,
            JobTraceCommand.self, JobDeleteCommand.self,
        ])
}

/// The argument that all of them take.
struct JobArgument: ParsableArguments {
    @Argument(help: "The job, as `martlet jobs` shows it.")
    var id: String
}
