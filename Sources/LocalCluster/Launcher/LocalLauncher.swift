package import JobProtocol
import ClusterProtocol
import Explanations
import Files
import Wire
package import Foundation
import Glibc

/// Starts and stops the processes of a cluster on this machine, and knows when they are ready.
package struct LocalLauncher: Sendable {
    package let file: ClusterFile
    package let folder: ClusterFolder
    /// The `martlet` program.
    let executable: URL
    let cores: Int
    let readiness: Readiness

    /// How the launcher asks a started cluster whether it is ready; a test answers in its place.
    package struct Readiness: Sendable {
        /// The coordinator's view.
        package var status: @Sendable (ClusterFolder) async throws -> ClusterStatus
        /// Whether the gateway at this URL says that it is live.
        package var gatewayIsLive: @Sendable (_ url: String) async -> Bool

        package init(
            status: @escaping @Sendable (ClusterFolder) async throws -> ClusterStatus,
            gatewayIsLive: @escaping @Sendable (_ url: String) async -> Bool
        ) {
            self.status = status
            self.gatewayIsLive = gatewayIsLive
        }

        /// For who starts processes and does not wait for them.
        static let none = Readiness(status: { _ in throw CancellationError() }, gatewayIsLive: { _ in false })
    }

    package init(_ file: ClusterFile, executable: URL, cores: Int, readiness: Readiness) {
        self.file = file
        self.folder = ClusterFolder(root: file.data)
        self.executable = executable
        self.cores = cores
        self.readiness = readiness
    }

    /// What `up` found and did.
    package struct Outcome: Sendable, Equatable {
        package var started: [String]
        package var alreadyRunning: [String]
        /// Whether the supervisor was started, which is no node.
        package var startedSupervisor = false
        /// Whether one that ran was ended, as none is wanted.
        package var endedSupervisor = false
        /// Promoted versions that no inference node serves yet, such as `digits:2 (digits@production)`.
        package var unserved: [String] = []
        /// Where the coordinator and the gateway are reached.
        package var coordinator: String
        package var gateway: String
        /// Folders to copy to other machines, by node.
        package var remote: [String: URL]
    }

    /// Starts whatever does not run yet and returns when the whole cluster is ready. On failure what this call
    /// started goes on running, so that its state can be looked at; `down` ends it. A cluster that this call began is
    /// taken down where the task is cancelled.
    ///
    /// - Parameters:
    ///   - restart: leaves a supervisor behind, which starts again what ends; false: nothing does.
    ///   - origin: the cluster file, for commands that a person is told.
    ///   - tell: takes a line that says what is waited for, where that takes a while.
    /// - Throws: `LaunchError`, which names the node that is at fault.
    package func up(
        timeout: Duration = .seconds(30), restart: Bool = false, origin: URL? = nil,
        tell: (String) -> Void = { _ in }
    ) async throws -> Outcome {
        try folder.checkAccess()
        try folder.create()
        return try await FileLock.hold(
            folder.lock, patience: ClusterFolder.supervisorPatience, busy: LaunchError.busy(folder: folder.root.path)
        ) {
            // A `down` that held the lock has removed some of it.
            try folder.create()
            // A second set of processes would stand beside them.
            if let problem = folder.unrecordedProblem() { throw problem }
            let running = folder.runningNodes()
            let wasSupervised = folder.supervisor?.isAlive == true
            let wantedSupervisor = folder.wantsSupervisor
            do {
                // One that runs stays: it starts nothing while this call holds the lock.
                if !restart {
                    try await folder.endSupervisor()
                    try folder.removeIfThere(folder.supervisorRecord)
                }
                var outcome = try await startMissing(
                    timeout: timeout, origin: origin, isSupervised: restart, tell: tell)
                if restart {
                    outcome.startedSupervisor = try startSupervisor()
                    if let supervisor = folder.supervisor, supervisor.isPaused {
                        throw LaunchError.paused([NodeName.supervisor: supervisor.processID])
                    }
                }
                outcome.endedSupervisor = !restart && wasSupervised
                outcome.unserved = try await waitUntilServed(tell: tell)
                return outcome
            } catch {
                if Task.isCancelled {
                    // Which takes its time although this task is cancelled.
                    let undoing = Task { try await undo(running: running, wantedSupervisor: wantedSupervisor) }
                    throw try await undoing.value
                }
                // The error that counts is the first.
                if restart, wasSupervised { _ = try? startSupervisor() }
                throw error
            }
        }
    }

    /// Takes back what a call that was cancelled has done, and says what became of it.
    ///
    /// A supervisor would start again what is ended here: what was started stays where one looks after the cluster.
    private func undo(running: [String], wantedSupervisor: Bool) async throws -> LaunchError {
        guard !running.isEmpty else {
            return .interrupted(stopped: try await folder.takeDownWhileLocked(grace: ShutdownTiming.process))
        }
        let started = folder.runningNodes().filter { !running.contains($0) }
        try folder.markSupervised(wantedSupervisor)
        guard !wantedSupervisor else {
            _ = try startSupervisor()
            return .interrupted(stopped: [], kept: started)
        }
        try await folder.endSupervisor()
        try folder.removeIfThere(folder.supervisorRecord)
        try await folder.end(started, grace: ShutdownTiming.process)
        return .interrupted(stopped: started)
    }

    private func startMissing(
        timeout: Duration, origin: URL?, isSupervised: Bool, tell: (String) -> Void
    ) async throws -> Outcome {
        let running = Set(folder.runningNodes())
        if !running.isEmpty, let recorded = folder.recordedFile(), recorded != file {
            throw LaunchError.changedWhileRunning(cluster: recorded.name, running: running.sorted())
        }
        let file = try self.file.resolvingHosts()
        let plan = LaunchPlan(file, folder: folder, cores: cores) {
            running.isEmpty ? nil : folder.rememberedPort(of: $0)
        }
        for node in plan.nodes where !running.contains(node.name) {
            if let port = node.port, !port.isFree {
                throw LaunchError.portInUse(
                    node: node.name, address: "\(port.host):\(port.port)", owner: port.owner)
            }
        }
        let remote = try prepareKeys(for: plan, running: running)
        if try !running.contains(plan.coordinator.name) && folder.finishRestore() {
            tell("a `martlet cluster restore` had been cut off before its last step; that is done now")
        }
        // Before anything is ended or removed: a disk that takes no file is met here.
        try folder.writeRecord(self.file)
        try SmallFile.write(Array((origin?.path ?? "").utf8), to: folder.origin.path)
        if running.isEmpty {
            try await folder.endSupervisor()
            try folder.clearRun()
        }
        try folder.markSupervised(isSupervised)

        // What a log said before is of an earlier start.
        let logs = plan.nodes.reduce(into: [:]) { $0[$1.name] = LogFile.size(of: folder.log(of: $1.name)) }
        if !running.contains(plan.coordinator.name) { try start(plan.coordinator, coordinator: nil) }
        let endpoint = try await waitForEndpoint(of: plan.coordinator, logs: logs, timeout: timeout)
        for node in plan.followers where !running.contains(node.name) { try start(node, coordinator: endpoint) }
        try await waitUntilReady(plan, logs: logs, timeout: timeout)
        try writeRemoteConfigurations(remote, of: file, coordinator: endpoint)

        let names = plan.nodes.map(\.name)
        return Outcome(
            started: names.filter { !running.contains($0) }, alreadyRunning: names.filter(running.contains),
            coordinator: endpoint, gateway: folder.endpoint(of: NodeName.gateway) ?? "", remote: remote)
    }

    /// Starts one node of a cluster that runs, where its peers look for it.
    func startAgain(_ name: String) throws {
        // Somebody may have removed that of the logs.
        try folder.create()
        let plan = LaunchPlan(
            try file.resolvingHosts(), folder: folder, cores: cores, remembered: folder.rememberedPort)
        guard let node = plan.nodes.first(where: { $0.name == name }) else { return }
        guard node.role != .coordinator else {
            _ = try folder.finishRestore()
            return try start(node, coordinator: nil)
        }
        let told = try NodeConfiguration(contentsOf: folder.configuration(of: name)).coordinator
        try start(node, coordinator: folder.endpoint(of: NodeName.coordinator) ?? told)
    }

    /// Starts the supervisor, unless it runs. Returns whether it did.
    private func startSupervisor() throws -> Bool {
        if folder.supervisor?.isAlive == true { return false }
        let log = folder.log(of: NodeName.supervisor)
        try LogFile.rotate(log)
        let record = try ChildProcess.start(
            executable, arguments: [NodeName.supervisor, "--data", folder.root.path],
            environment: ProcessInfo.processInfo.environment, log: log, node: NodeName.supervisor)
        try keep(record, of: NodeName.supervisor, in: folder.supervisorRecord)
        return true
    }

    /// Writes down which process a node is. One that no file tells of would be nobody's to end, so it ends here.
    private func keep(_ record: ProcessRecord, of node: String, in file: URL) throws {
        do {
            try record.write(to: file)
        } catch {
            record.signal(SIGKILL)
            waitpid(record.processID, nil, 0)
            throw LaunchError.cannotStart(node: node, reason: error.explanation)
        }
    }

    /// Writes the node's configuration and starts its process.
    private func start(_ node: LaunchPlan.Node, coordinator: String?) throws {
        var configuration = node.configuration
        configuration.coordinator = coordinator
        let file = folder.configuration(of: node.name)
        try SmallFile.write(
            Array(configuration.yaml(relativeTo: file.deletingLastPathComponent()).utf8), to: file.path)
        try folder.blankEndpoint(of: node.name)
        try LogFile.rotate(folder.log(of: node.name))
        let record = try ChildProcess.start(
            executable, arguments: [node.role.rawValue, "--config", file.path],
            environment: ProcessInfo.processInfo.environment.merging(node.environment) { $1 },
            log: folder.log(of: node.name), node: node.name)
        try keep(record, of: node.name, in: folder.processRecord(of: node.name))
    }
}
