import ArgumentParser
import ClusterProtocol

@main
struct Martlet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "Trains a model on many machines and serves it from many machines.",
        discussion: """
            Example, from nothing to an answer:
              martlet cluster up -f cluster/local.yaml
              martlet train examples/digits-cnn/job.yaml
              martlet promote digits:1
              martlet predict digits --input digit.json

            Exit codes: 0 all well, 1 it failed (the message is on standard error), 64 the command line was wrong, \
            130 left by Ctrl-C.
            """,
        version: codeVersion,
        groupedSubcommands: [
            CommandGroup(
                name: "Cluster",
                subcommands: [
                    ClusterCommand.self, StatusCommand.self, NodesCommand.self, LogsCommand.self, DoctorCommand.self,
                    CollectCommand.self,
                ]),
            CommandGroup(
                name: "Training",
                subcommands: [
                    TrainCommand.self, LaunchCommand.self, JobsCommand.self, JobCommand.self, ReportCommand.self,
                    DatasetCommand.self,
                ]),
            CommandGroup(
                name: "Models",
                subcommands: [
                    ModelsCommand.self, ModelCommand.self, AliasCommand.self, PromoteCommand.self, RollbackCommand.self,
                    PredictCommand.self,
                    GenerateCommand.self,
                ]),
            CommandGroup(name: "Measuring", subcommands: [BenchCommand.self]),
            CommandGroup(name: "Looking into it", subcommands: [DebugCommand.self]),
            CommandGroup(
                name: "Node (started by `cluster up`)",
                subcommands: [
                    CoordinatorCommand.self, WorkerCommand.self, InferenceCommand.self, GatewayCommand.self,
                    SupervisorCommand.self,
                    PrepareCommand.self,
                ]),
        ])
}
