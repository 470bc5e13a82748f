import ArgumentParser
import Cluster
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
                let status = try await session.client.status()
                return try output.show(
                    status, lines: StatusView(status: status, now: Date(), width: Output.width).lines())
            }
            if output.json || TerminalSize.current == nil {
                try await repeatEverySecond(session)
            } else {
                await StatusWatch(session: session).run()
            }
        }
    }

    private func repeatEverySecond(_ session: OperatorSession) async throws {
        while true {
            let status = try await session.client.status()
            try output.show(status, lines: StatusView(status: status, now: Date(), width: nil).lines() + [""])
            try await Task.sleep(for: .seconds(1))
        }
    }
}
