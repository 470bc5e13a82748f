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
        /// Where the coordinator and the gateway are reached.
        package var coordinator: String
        package var gateway: String
        /// Folders to copy to other machines, by node.
        package var remote: [String: URL]
    }

    /// Starts whatever does not run yet and returns when the whole cluster is ready. On failure what this call
    /// started goes on running, so that its state can be looked at; `down` ends it.
    ///
    /// - Throws: `LaunchError`, which names the node that is at fault.
    package func up(timeout: Duration = .seconds(30)) async throws -> Outcome {
        try folder.create()
        return try await FileLock.hold(folder.lock, busy: LaunchError.busy(folder: folder.root.path)) {
            try await startMissing(timeout: timeout)
        }
    }

    private func startMissing(timeout: Duration) async throws -> Outcome {
        let running = Set(folder.runningNodes())
        if running.isEmpty {
            try clearRunFolder()
        } else if let recorded = folder.recordedFile(), recorded != file {
            throw LaunchError.changedWhileRunning(cluster: recorded.name, running: running.sorted())
        }
        let plan = LaunchPlan(file, folder: folder, cores: cores) { folder.lastPort(of: $0) }
        for node in plan.nodes where !running.contains(node.name) {
            if let port = node.port, !port.isFree {
                throw LaunchError.portInUse(
                    node: node.name, address: "\(port.host):\(port.port)", owner: port.owner)
            }
        }
        let remote = try prepareKeys(for: plan)
        try folder.writeRecord(file)

        if !running.contains(plan.coordinator.name) { try start(plan.coordinator, coordinator: nil) }
        let endpoint = try await waitForEndpoint(of: plan.coordinator, timeout: timeout)
        for node in plan.followers where !running.contains(node.name) { try start(node, coordinator: endpoint) }
        try await waitUntilReady(plan, timeout: timeout)
        try writeRemoteConfigurations(remote, coordinator: endpoint)

        let names = plan.nodes.map(\.name)
        return Outcome(
            started: names.filter { !running.contains($0) }, alreadyRunning: names.filter(running.contains),
            coordinator: endpoint, gateway: folder.endpoint(of: NodeName.gateway) ?? "", remote: remote)
    }

    private func clearRunFolder() throws {
        try folder.removeIfThere(folder.run)
        try folder.create()
    }

    /// Writes the node's configuration and starts its process.
    private func start(_ node: LaunchPlan.Node, coordinator: String?) throws {
        var configuration = node.configuration
        configuration.coordinator = coordinator
        let file = folder.configuration(of: node.name)
        try configuration.yaml(relativeTo: file.deletingLastPathComponent())
            .write(to: file, atomically: true, encoding: .utf8)
        try folder.removeIfThere(folder.endpointFile(of: node.name))
        try LogFile.rotate(folder.log(of: node.name))
        let record = try ChildProcess.start(
            executable, arguments: [node.role.rawValue, "--config", file.path],
            environment: ProcessInfo.processInfo.environment.merging(node.environment) { $1 },
            log: folder.log(of: node.name), node: node.name)
        try record.write(to: folder.processRecord(of: node.name))
    }
}
