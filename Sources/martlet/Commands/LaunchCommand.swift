import JobProtocol
import ClusterProtocol
import ArgumentParser
import Nodes
import LocalCluster
import Foundation

struct LaunchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "launch",
        abstract: "Run a program of your own on some workers, as ranks that train together.",
        discussion: """
            Examples:
              martlet launch --workers 2 -- .build/release/custom-model --epochs 5
              martlet launch --workers 4 --name towers -- ./my-trainer

            The program uses the Swift API (docs/swift-api.md): `TrainingGroup.fromEnvironment()` makes it one rank of \
            several. It must be at the same path on every machine, in a folder that the cluster file allows: \
            launch: { allow: [FOLDER] }. It starts in the current directory.

            Shows what the ranks print, each line with its rank, until all have ended; when one fails the others are \
            ended as well. Ctrl-C cancels the launch. Ends with 0 if all ranks did, 1 if not, 130 after Ctrl-C.
            """)

    @Option(parsing: .unconditional, help: "Workers to run it on, one rank each.")
    var workers: Int

    @Option(help: "What to call it in `martlet jobs`; the default is the program's name.")
    var name: String?

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    @Argument(parsing: .postTerminator, help: "The program and its arguments, behind --.")
    var command: [String] = []

    func validate() throws {
        if workers < 1 { throw ValidationError("--workers is \(workers), expected at least 1") }
        if command.isEmpty {
            throw ValidationError("no program: martlet launch --workers \(workers) -- ./my-trainer ARGUMENTS")
        }
    }

    func run() async throws {
        let program = try LaunchedProgram(command, directory: FileManager.default.currentDirectoryPath)
        let folder = try cluster.folder()
        try await OperatorSession.with(folder) { session in
            // Before the launch waits for workers. Those of other machines say it themselves.
            if let file = folder.recordedFile(), file.workers.count > 0 {
                try LaunchPermission(worker: NodeName.worker(0), allowed: file.launchFolders)
                    .executable(of: program.command)
            }
            let launch = try await session.client.launch(
                program.command, name: name ?? program.name, workers: workers)
            if !output.json { Output.note("launch \(launch.id)") }
            try await LaunchFollower(session: session, launch: launch.id, output: output).run()
        }
    }
}
