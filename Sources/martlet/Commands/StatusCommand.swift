import JobProtocol
import ArgumentParser
import LocalCluster
import Foundation

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show every node, job and served model at a glance.",
        discussion: """
            Example: martlet status --watch

            With --json and --watch, one JSON document is printed every second.
            """)

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    @Flag(name: .shortAndLong, help: "Draw again every second until Ctrl-C.")
    var watch = false

    func run() async throws {
        let folder = try cluster.folder()
        try await OperatorSession.with(folder) { session in
            guard watch else {
                return try await show(session, folder)
            }
            if output.json || Terminal.current == .lines {
                while true {
                    try await show(session, folder)
                    try await Task.sleep(for: .seconds(1))
                }
            } else {
                try await StatusWatch(session: session, folder: folder).run()
            }
        }
    }

    private func show(_ session: OperatorSession, _ folder: ClusterFolder) async throws {
        let document = StatusDocument(try await session.client.status(), of: folder)
        let width = Output.width
        let view = StatusView(status: document.status, now: Date(), width: width)
        try output.show(
            document, lines: view.lines() + document.lines(width: width) + (watch ? [""] : []))
    }
}
