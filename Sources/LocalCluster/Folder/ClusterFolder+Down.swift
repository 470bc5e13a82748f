import ClusterProtocol
import Foundation
import Glibc

extension ClusterFolder {
    /// How long a command waits while the supervisor starts a process.
    static let supervisorPatience = Duration.seconds(1)

    /// Ends every process that was started here: the supervisor, so that nothing comes back, then callers' side first, so that the gateway can finish what it has
    /// begun, the coordinator last. Each stage is asked with SIGTERM, given `grace`, and then killed.
    ///
    /// Processes of which the folder says nothing are ended as well, also where the folder itself is gone.
    ///
    /// Returns the nodes that were stopped; afterwards no process is left, and no file of a running cluster.
    package func takeDown(grace: Duration = ShutdownTiming.process) async throws -> [String] {
        try checkAccess()
        guard FileManager.default.fileExists(atPath: root.path) else {
            return try await takeDownWhileLocked(grace: grace)
        }
        return try await FileLock.hold(
            lock, patience: Self.supervisorPatience, busy: LaunchError.busy(folder: root.path)
        ) { try await takeDownWhileLocked(grace: grace) }
    }

    func takeDownWhileLocked(grace: Duration) async throws -> [String] {
        try await endSupervisor()
        let unrecorded = unrecordedProcesses()
        try await stop(unrecorded.filter { $0.node == NodeName.supervisor }, grace: .seconds(5))
        let running =
            processes().filter { $0.value.isAlive }.map { (node: $0.key, record: $0.value) }
            + unrecorded.filter { $0.node != NodeName.supervisor }
        let names = Set(running.map(\.node)).sorted()
        for stage in Self.stages(of: names) {
            try await stop(running.filter { stage.contains($0.node) }, grace: grace)
        }
        try removeIfThere(run)
        return names
    }

    /// Ends these nodes, callers' side first. That they ran stays written down.
    func end(_ nodes: [String], grace: Duration) async throws {
        let running = processes().filter { nodes.contains($0.key) && $0.value.isAlive }
        for stage in Self.stages(of: nodes) {
            try await stop(
                running.filter { stage.contains($0.key) }.map { (node: $0.key, record: $0.value) }, grace: grace)
        }
    }

    static func stages(of nodes: [String]) -> [[String]] {
        let gateways = nodes.filter { $0.hasPrefix("gateway-") }
        let coordinators = nodes.filter { $0 == NodeName.coordinator }
        return [gateways, nodes.filter { !gateways.contains($0) && !coordinators.contains($0) }, coordinators]
    }

    /// Returns once it is gone.
    func endSupervisor() async throws {
        guard let supervisor, supervisor.isAlive else { return }
        try await stop([(NodeName.supervisor, supervisor)], grace: .seconds(5))
    }

    private func stop(_ processes: [(node: String, record: ProcessRecord)], grace: Duration) async throws {
        guard !processes.isEmpty else { return }
        for (signal, limit) in [(SIGTERM, grace), (SIGKILL, .seconds(5))] {
            processes.forEach { $0.record.signal(signal) }
            // Paused processes do not see SIGTERM before they go on.
            processes.forEach { $0.record.signal(SIGCONT) }
            if try await poll(for: limit, until: { processes.allSatisfy { !$0.record.isAlive } }) { return }
        }
        for process in processes where process.record.isAlive {
            throw LaunchError.notStopped(node: process.node, processID: process.record.processID)
        }
    }
}
