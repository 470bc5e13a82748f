import ArgumentParser
import LocalCluster
import Explanations
import Foundation
import StrictYAML

struct ClusterUpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Start what does not run yet, and wait until all of it is ready.",
        discussion: """
            Example: martlet cluster up -f cluster/local.yaml

            Keys, logs and state are kept in the folder that the file names. A second `up` of a running cluster \
            changes nothing; if some of its processes died, it starts those again.

            Leaves a supervisor behind, which starts again what ends, later each time in a row; `martlet cluster status` \
            shows how often and why. With --no-restart what ends stays so until the next `up`.

            Ctrl-C takes down again what this command began, and leaves what ran before. What it started again of a \
            cluster that has a supervisor stays, as the supervisor would start it once more.

            Once all of it is ready, `up` waits up to ten seconds more until the versions that are promoted are served, and \
            names those that are not.
            """)

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    @Option(parsing: .unconditional, help: "Seconds to wait for the nodes to become ready.")
    var timeout = 30

    @Flag(inversion: .prefixedNo, help: "Start processes again when they end.")
    var restart = true

    func validate() throws {
        try OptionBounds.check(timeout, of: "--timeout", in: 1...Int(OptionBounds.day))
    }

    func run() async throws {
        let named = URL(argument: try cluster.namedPath() ?? Self.currentFile())
        let file = try cluster.namedFile() ?? ClusterFile(contentsOf: named)
        // What a pipe held cannot be named again.
        let origin = YAMLSource.isStream(named) ? nil : named
        let launcher = LocalLauncher(
            file, executable: try Self.executable(), cores: ProcessInfo.processInfo.activeProcessorCount,
            readiness: .standard)
        // Before it is up, so that `martlet logs` finds what went wrong if it does not come up.
        let isCurrent = Self.record(launcher.folder)
        let outcome: LocalLauncher.Outcome
        do {
            let (timeout, restart) = (timeout, restart)
            outcome = try await Interruption.cancels {
                try await launcher.up(
                    timeout: .seconds(timeout), restart: restart, origin: origin, tell: Output.note)
            }
        } catch let error as LaunchError {
            guard case .interrupted = error else { throw CommandFailure("\(error)" + Self.whatRuns(launcher.folder)) }
            Output.note("\(error)" + Self.whatRuns(launcher.folder))
            CurrentCluster().forgetIfStopped()
            throw ExitCode(130)
        } catch is CancellationError {
            // Before anything was done.
            throw ExitCode(130)
        } catch {
            throw CommandFailure(error.explanation + Self.whatRuns(launcher.folder))
        }
        let report = ClusterUpReport(
            cluster: file.name, started: outcome.started, alreadyRunning: outcome.alreadyRunning,
            coordinator: outcome.coordinator, gateway: outcome.gateway, logs: launcher.folder.logs.path,
            remote: outcome.remote.mapValues(\.path), isCurrent: isCurrent,
            startedSupervisor: outcome.startedSupervisor, endedSupervisor: outcome.endedSupervisor,
            unserved: outcome.unserved)
        try output.show(report, lines: report.lines())
    }

    /// The file of the cluster that commands mean which name none.
    private static func currentFile() throws -> String {
        guard let folder = CurrentCluster().recorded, let path = folder.originPath else {
            throw ValidationError("name the cluster file: martlet cluster up -f cluster/local.yaml")
        }
        return path
    }

    /// Whether commands that name no cluster mean this one from now on. Where that cannot be written down, they must name
    /// it, which is no reason not to start it.
    private static func record(_ folder: ClusterFolder) -> Bool {
        let current = CurrentCluster()
        do {
            return try current.record(folder) == folder
        } catch {
            Output.note(
                "note: \(error.explanation); name the cluster in each command, with -f FILE or the variable "
                    + ClusterOption.variable)
            return true
        }
    }

    /// What a failed start leaves behind, and how to end it.
    private static func whatRuns(_ folder: ClusterFolder) -> String {
        let running = folder.runningNodes()
        guard !running.isEmpty else { return "" }
        return "\nwhat was started goes on: \(running.joined(separator: ", ")); "
            + "`martlet cluster down \(folder.option)` ends it"
    }

    /// This program, wherever it was called from.
    static func executable() throws -> URL {
        URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    }
}

/// What `martlet cluster up` prints.
struct ClusterUpReport: Encodable {
    var cluster: String
    var started: [String]
    var alreadyRunning: [String]
    var coordinator: String
    var gateway: String
    var logs: String
    var remote: [String: String]
    var isCurrent: Bool
    var startedSupervisor: Bool
    /// By `--no-restart`.
    var endedSupervisor = false
    /// Promoted versions that no node serves yet.
    var unserved: [String]

    func lines() -> [String] {
        let running = alreadyRunning.count
        let alreadyUp =
            "cluster '\(cluster)' is already up: \(counted(running, "process runs", "processes run"))"
        let summary =
            if started.isEmpty, startedSupervisor {
                "\(alreadyUp); the supervisor was started"
            } else if started.isEmpty {
                endedSupervisor ? alreadyUp : "\(alreadyUp), nothing was changed"
            } else if alreadyRunning.isEmpty {
                "cluster '\(cluster)' is up: \(counted(started.count, "process is", "processes are")) ready"
            } else {
                "cluster '\(cluster)' is up again: started \(started.joined(separator: ", ")); \(counted(running, "other")) ran on"
            }
        let supervisor = endedSupervisor ? "; the supervisor was ended: nothing is started again" : ""
        var lines = [
            summary + supervisor, "  coordinator  \(coordinator)", "  gateway      \(gateway)",
            "  logs         \(logs)",
        ]
        for (node, folder) in remote.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(node): copy \(folder) to its machine and start it there by its config.yaml")
        }
        if !unserved.isEmpty {
            lines.append(
                "not served yet: \(unserved.joined(separator: ", ")); `martlet status` and the inference nodes' logs say why"
            )
        }
        if !isCurrent {
            lines.append("another cluster of yours runs as well: name this one with -f or \(ClusterOption.variable)")
        }
        return lines
    }
}
