import JobProtocol
import ArgumentParser
import Datasets
import Files
import Foundation
import NeuralNetworks
import Training

struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model as a job file says.",
        discussion: """
            Examples:
              martlet train examples/digits-cnn/job.yaml --workers 2
              martlet train job.yaml --set train.epochs=5 --set train.optimizer.learning_rate=0.01 --detach
              martlet train job.yaml --dry-run
              martlet train job.yaml --profile

            Shows progress until the job ends; Ctrl-C asks whether to cancel it, leave it running or go on. Ends with \
            0 if the job finished, 1 if it failed or was cancelled.
            """)

    @Argument(
        help: "The job file; - is standard input.", completion: .file(extensions: ["yaml", "yml"]),
        transform: HomeFolder.expand)
    var jobFile: String

    @Option(parsing: .unconditional, help: "Workers to train on, in place of the job file's train.workers.")
    var workers: Int?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Another value for a key of the job file, such as train.epochs=5; may be given again.",
            valueName: "key=value"))
    var settings: [String] = []

    @Flag(help: "Print the job's ID and leave it running.")
    var detach = false

    @Flag(
        help: ArgumentHelp(
            "Only check the job and its data, and print shapes, parameters, memory and warnings; needs no cluster."))
    var dryRun = false

    @Flag(help: "Record what the workers do when, for `martlet job trace`.")
    var profile = false

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        let check = try JobCheck(file: jobFile, overrides: settings, workers: workers)
        let reads = "reads \(check.specification.data.path)"
        // A cluster that has its folder here has its coordinator here.
        let isHere = dryRun && (try? cluster.folder()) != nil
        if dryRun { return try show(SignOfLife.during(reads) { try DryRun(check, coordinatorIsHere: isHere) }) }
        let warnings = try SignOfLife.during(reads) { try self.warnings(of: check) }
        for warning in warnings { Output.note("warning: \(warning)") }
        try await OperatorSession.with(cluster.folder()) { session in
            let job = try await session.client.submit(
                specification: check.specification, source: check.source, warnings: warnings, profile: profile)
            if detach {
                return try output.show(
                    job, lines: ["job \(job.id) is \(job.state.rawValue); follow it with: martlet job wait \(job.id)"])
            }
            if !output.json { Output.note("job \(job.id)") }
            try await TrainFollower(session: session, job: job.id, output: output, toldWarnings: job.warnings).run()
        }
    }

    /// Prints what there is to know; throws if the data would be refused.
    private func show(_ run: DryRun) throws {
        try output.show(run.result, lines: run.lines())
        let problems = run.problems
        guard problems.isEmpty else { throw CommandFailure(problems.joined(separator: "\n")) }
    }

    /// The coordinator reads the data itself; it is read here only for the one rule that needs it, if it is small.
    private func warnings(of check: JobCheck) throws -> [String] {
        let size = (try? FileManager.default.attributesOfItem(atPath: check.specification.data.path))?[.size] as? Int
        guard check.specification.model.task == .regression, let size, size <= Self.smallData,
            case .sound(_, let facts) = try DataCheck.run(check.specification)
        else { return check.warnings(data: nil) }
        return check.warnings(data: facts)
    }

    private static let smallData = 16 << 20
}
