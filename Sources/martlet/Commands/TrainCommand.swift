import ArgumentParser
import Cluster
import Foundation
import Training

struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model as a job file says.",
        discussion: """
            Examples:
              martlet train examples/digits-cnn/job.yaml --workers 2
              martlet train job.yaml --set train.epochs=5 --set train.optimizer.learning_rate=0.01 --detach

            Shows progress until the job ends; Ctrl-C asks whether to cancel it, leave it running or go on. Ends with \
            0 if the job finished, 1 if it failed or was cancelled.
            """)

    @Argument(help: "The job file.", completion: .file(extensions: ["yaml", "yml"]))
    var jobFile: String

    @Option(help: "Workers to train on, in place of the job file's train.workers.")
    var workers: Int?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Another value for a key of the job file, such as train.epochs=5; may be given again.",
            valueName: "key=value"))
    var settings: [String] = []

    @Flag(help: "Print the job's ID and leave it running.")
    var detach = false

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        let (specification, source) = try load()
        try await OperatorSession.with(cluster.folder()) { session in
            let job = try await session.client.submit(specification: specification, source: source)
            if detach {
                return try output.show(
                    job, lines: ["job \(job.id) is \(job.state.rawValue); follow it with: martlet job wait \(job.id)"])
            }
            if !output.json { Output.note("job \(job.id)") }
            try await TrainFollower(session: session, job: job.id, output: output).run()
        }
    }

    /// The job file with what the command line changes, and its text.
    private func load() throws -> (JobSpecification, String) {
        let file = URL(filePath: jobFile)
        let source = try String(contentsOf: file, encoding: .utf8)
        return (try JobFile.load(file, overrides: settings, workers: workers), source)
    }
}
