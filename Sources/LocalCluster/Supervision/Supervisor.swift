import ClusterProtocol
import Explanations
package import Foundation
package import Logging

/// The process of a cluster that starts its other processes again when they end. It talks to none of them: what runs is
/// seen in `/proc`, so it can be killed and begun anew at any time.
package struct Supervisor: Sendable {
    private let launcher: LocalLauncher
    private let logger: Logger
    private let interval: Duration
    private let policy: Supervision.Policy
    /// How long it waits for one before it to end.
    private let patience: Duration

    private var folder: ClusterFolder { launcher.folder }

    /// Of the cluster that was started in a folder. Throws `LaunchError.nothingToSupervise` where none was.
    package init(folder: URL, executable: URL, cores: Int, logger: Logger) throws {
        let folder = ClusterFolder(root: folder)
        guard let file = folder.recordedFile() else { throw LaunchError.nothingToSupervise(folder: folder.root.path) }
        self.init(LocalLauncher(file, executable: executable, cores: cores, readiness: .none), logger: logger)
    }

    init(
        _ launcher: LocalLauncher, logger: Logger, interval: Duration = .milliseconds(200),
        policy: Supervision.Policy = Supervision.Policy(), patience: Duration = .seconds(5)
    ) {
        self.launcher = launcher
        self.logger = logger
        self.interval = interval
        self.policy = policy
        self.patience = patience
    }

    /// Watches until the task is cancelled, or the cluster is taken down.
    package func run() async throws {
        let busy = LaunchError.supervised(folder: folder.root.path)
        try await FileLock.hold(folder.supervisorLock, patience: patience, busy: busy) {
            var supervision = Supervision(policy: policy, records: folder.restartRecords())
            var logs: [String: UInt64] = [:]
            var rotations = RotationTries()
            var written = supervision.records
            // Of a disk that stays full it is said once.
            var isTold = false
            while !Task.isCancelled, folder.recordedFile() != nil {
                look(&supervision, &logs, &rotations)
                boundLog(of: NodeName.supervisor, &rotations)
                for node in supervision.due(at: .now) { await startAgain(node, &supervision, &logs) }
                if supervision.records != written {
                    do {
                        try folder.write(supervision.records)
                        (written, isTold) = (supervision.records, false)
                    } catch {
                        if !isTold {
                            logger.warning("restarts not written down", metadata: ["reason": "\(error.explanation)"])
                        }
                        isTold = true
                    }
                }
                do {
                    try await Task.sleep(for: interval)
                } catch {
                    return
                }
            }
            if !Task.isCancelled {
                logger.warning("the cluster is down, or its folder run was removed: nothing is started again any more")
            }
        }
    }

    /// Takes in what runs and what does not.
    private func look(
        _ supervision: inout Supervision, _ logs: inout [String: UInt64], _ rotations: inout RotationTries
    ) {
        let processes = folder.processes()
        let lost = logs.keys.filter { processes[$0] == nil }
        let planned = lost.isEmpty ? [] : folder.plannedNodes()
        // Looks through all processes, which takes long.
        let unrecorded = lost.isEmpty ? [] : Set(folder.unrecordedProcesses().map(\.node))
        for node in lost {
            guard planned.contains(node) else {
                logs[node] = nil
                continue
            }
            guard !unrecorded.contains(node) else { continue }
            let file =
                folder.hidesRecord(of: node)
                ? "something else lies in the place of its file in run" : "its file in run was removed"
            end(node, &supervision, reason: "\(file), and no process of it was found")
        }
        for (node, process) in processes {
            if process.isAlive {
                if logs[node] == nil { logs[node] = LogFile.size(of: folder.log(of: node)) }
                supervision.runs(node, at: .now)
                boundLog(of: node, &rotations)
            } else {
                end(
                    node, &supervision,
                    reason: ProcessEnd.reason(
                        status: ProcessEnd.takeStatus(of: process.processID),
                        log: LogFile.tail(of: folder.log(of: node), lines: 100, from: logs[node] ?? 0)))
            }
        }
    }

    /// Takes in that a process has ended, and says so once.
    private func end(_ node: String, _ supervision: inout Supervision, reason: @autoclosure () -> String) {
        let known = supervision.records[node]
        supervision.ended(node, at: .now, reason: reason())
        guard let record = supervision.records[node], record != known else { return }
        logger.warning("a process ended", metadata: ["ended": "\(node)", "reason": "\(record.lastReason)"])
    }

    /// A process that writes much and never ends must not fill the disk.
    private func boundLog(of node: String, _ rotations: inout RotationTries) {
        guard rotations.isDue(node, at: .now) else { return }
        do {
            try LogFile.rotateWhileWritten(folder.log(of: node))
            rotations.succeeded(node)
        } catch {
            guard rotations.failed(node, at: .now) else { return }
            logger.warning("log not set aside", metadata: ["node": "\(node)", "reason": "\(error.explanation)"])
        }
    }

    /// Not while a command is at work on the cluster: it knows better, and the next look is soon.
    private func startAgain(
        _ node: String, _ supervision: inout Supervision, _ logs: inout [String: UInt64]
    ) async {
        do {
            let isStarted = try await FileLock.hold(folder.lock, busy: LaunchError.busy(folder: folder.root.path)) {
                guard folder.plannedNodes().contains(node), folder.hasEnded(node) else { return false }
                logs[node] = LogFile.size(of: folder.log(of: node))
                try launcher.startAgain(node)
                return true
            }
            guard isStarted else { return }
            supervision.startedAgain(node, at: .now)
            logger.info("started again", metadata: ["started": "\(node)"])
        } catch LaunchError.busy {
            logger.debug("another command is at work")
        } catch {
            // It counts as a try: the next one comes later.
            supervision.startedAgain(node, at: .now)
            supervision.ended(node, at: .now, reason: "it could not be started: \(error.explanation)")
            logger.error("not started", metadata: ["node": "\(node)", "reason": "\(error.explanation)"])
        }
    }
}
