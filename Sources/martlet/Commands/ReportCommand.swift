import JobProtocol
import ArgumentParser
import Files
import Foundation
import Reports

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write what is known of a job as one HTML file.",
        discussion: """
            Example: martlet report digits-1 --output digits-1.html

            Curves, the time of a step, the confusion matrix, the worst samples, the job file, data, machines and \
            provenance. The file needs nothing else: it can be mailed and opened anywhere.
            """)

    @OptionGroup var job: JobArgument

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file; JOB.html by default.", valueName: "file"),
        completion: .file(extensions: ["html"]), transform: HomeFolder.expand)
    var output: String?

    @Flag(help: "Print what the page is made of as JSON, and write no file.")
    var json = false

    @OptionGroup var cluster: ClusterOption

    func run() async throws {
        let report = try await OperatorSession.with(cluster.folder()) { try await $0.client.report(job.id) }
        if json { return try Output.write(Output.text(of: report)) }
        let file = output ?? "\(report.status.id).html"
        try Output.save(Data(ReportDocument(report).html.utf8), to: file)
    }
}
