import ArgumentParser
import LocalCluster
import Files
import Foundation
import Glibc
import Logging
import UnixSignals

struct SupervisorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "supervisor",
        abstract: "Start the processes of a cluster again when they end.",
        discussion: "Example: martlet supervisor --data .martlet/local")

    @Option(
        help: ArgumentHelp("The data folder of a cluster that was started.", valueName: "folder"),
        transform: HomeFolder.expand)
    var data: String

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        LoggingSystem.bootstrap { _ in LogfmtHandler(node: NodeName.supervisor, level: .info) }
        let logger = Logger(label: NodeName.supervisor)
        let supervisor = try Supervisor(
            folder: URL(filePath: data), executable: try ClusterUpCommand.executable(),
            cores: ProcessInfo.processInfo.activeProcessorCount, logger: logger)
        logger.info("watches", metadata: ["folder": "\(data)"])
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            defer { tasks.cancelAll() }
            tasks.addTask { try await supervisor.run() }
            tasks.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) { return }
            }
            try await tasks.next()
        }
        logger.info("ended")
    }
}
