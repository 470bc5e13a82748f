import ArgumentParser
import JobProtocol
import Files
import Reports

struct JobCompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Put several jobs side by side: figures, and in what their job files differ.",
        discussion: """
            Examples:
              martlet job compare digits-1 digits-2
              martlet job compare digits-1 digits-2 digits-3 --html digits.html

            The HTML file shows their curves over each other as well.
            """)

    @Argument(help: ArgumentHelp("The jobs, as `martlet jobs` shows them; two to eight.", valueName: "job"))
    var jobs: [String]

    @Option(
        help: ArgumentHelp("Write a page with overlaid curves.", valueName: "file"),
        completion: .file(extensions: ["html"]), transform: HomeFolder.expand)
    var html: String?

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func validate() throws {
        guard (2...8).contains(jobs.count) else { throw ValidationError("two to eight jobs can be compared") }
    }

    func run() async throws {
        let reports = try await OperatorSession.with(cluster.folder()) { session in
            var reports: [JobReport] = []
            for job in jobs { reports.append(try await session.client.report(job)) }
            return reports
        }
        let document = ComparisonDocument(runs: try reports.map(ComparisonDocument.Run.init))
        if let html {
            if try !OutputFile.write(Array(document.html.utf8), to: html) { Output.note(html) }
        }
        try output.show(reports.map(\.status), lines: ComparisonView(document: document).lines())
    }
}
