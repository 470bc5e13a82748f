import JobProtocol
import ArgumentParser
import Files
import Foundation
import Reports
import Training

struct JobTraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Write what the workers of a job did when, for Perfetto or chrome://tracing.",
        discussion: """
            Example:
              martlet train job.yaml --profile
              martlet job trace digits-1 --output digits-1.trace.json

            Holds the last steps of the run, as many as a bounded record has room for. Open it at ui.perfetto.dev.
            """)

    @OptionGroup var job: JobArgument

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file; JOB.trace.json by default.", valueName: "file"),
        completion: .file(extensions: ["json"]), transform: HomeFolder.expand)
    var output: String?

    @OptionGroup var cluster: ClusterOption

    func run() async throws {
        let trace = try await OperatorSession.with(cluster.folder()) { try await $0.client.trace(job.id) }
        let file = output ?? "\(job.id).trace.json"
        for recording in trace.recordings where recording.dropped > 0 {
            Output.note(
                "\(recording.worker): the last \(recording.spans.count) spans, \(recording.dropped) before them dropped"
            )
        }
        try Output.save(try ChromeTrace(trace).json(), to: file)
    }
}
