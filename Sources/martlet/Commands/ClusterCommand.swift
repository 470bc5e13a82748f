import ArgumentParser

struct ClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Start, stop and look at the processes of a cluster, back its state up and put it back.",
        discussion: "Example: martlet cluster up -f cluster/local.yaml",
        subcommands: [
            ClusterUpCommand.self, ClusterDownCommand.self, ClusterStatusCommand.self, ClusterBackupCommand.self,
            ClusterRestoreCommand.self,
        ])
}
