import ArgumentParser

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure this machine: training, serving, all-reduce.",
        discussion: """
            Example: martlet bench train mlp --workers 2

            Each benchmark starts the real processes in a temporary folder and takes them down again. The workloads are \
            those that docs/benchmarks.md compares with other systems.
            """,
        subcommands: [
            BenchTrainCommand.self, BenchServeCommand.self, BenchAllReduceCommand.self, BenchRankCommand.self,
        ])
}
