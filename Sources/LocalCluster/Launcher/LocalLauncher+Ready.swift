import JobProtocol
import Explanations
import Wire
import Foundation
import Glibc

extension LocalLauncher {
    /// The address that a node writes down as soon as it listens.
    ///
    /// - Parameter logs: how long the nodes' logs were before any was started.
    func waitForEndpoint(of node: LaunchPlan.Node, logs: [String: UInt64], timeout: Duration) async throws -> String {
        var endpoint: String?
        let ready = try await poll(for: timeout) {
            try throwIfDead(node.name, logs)
            try throwIfPaused(node.name)
            try throwIfMisled(node.name)
            endpoint = folder.endpoint(of: node.name)
            return endpoint != nil
        }
        guard ready, let endpoint else { throw notReady(node.name, "it does not listen yet", logs, after: timeout) }
        return endpoint
    }

    /// Ready means: the coordinator sees every process that runs here alive, in this very incarnation, and the
    /// gateway answers over HTTP.
    func waitUntilReady(_ plan: LaunchPlan, logs: [String: UInt64], timeout: Duration) async throws {
        var waitsFor = (node: plan.coordinator.name, reason: "it does not answer")
        // Nodes that are stopped are not waited for, and said to be once the others are ready.
        var paused: [String: Int32] = [:]
        let ready = try await poll(for: timeout) {
            let processes = folder.processes()
            for node in plan.nodes { try throwIfDead(node.name, logs) }
            paused = processes.filter { $0.value.isPaused }.mapValues(\.processID)
            // Without it nothing can be said of the others.
            if paused[plan.coordinator.name] != nil { throw LaunchError.paused(paused) }
            let status: ClusterStatus
            do {
                status = try await readiness.status(folder)
            } catch {
                waitsFor = (plan.coordinator.name, "it does not answer: \(error.explanation)")
                return false
            }
            for node in plan.followers where paused[node.name] == nil {
                let seen = status.nodes.first { $0.name == node.name }
                guard let seen, seen.state == .alive,
                    Int32(bitPattern: seen.processID) == processes[node.name]?.processID
                else {
                    waitsFor = (node.name, "the coordinator sees it \(seen?.state.rawValue ?? "not at all")")
                    return false
                }
            }
            for node in plan.followers where node.role == .gateway && paused[node.name] == nil {
                try throwIfMisled(node.name)
                guard let url = folder.endpoint(of: node.name), await readiness.gatewayIsLive(url) else {
                    waitsFor = (node.name, "it does not answer over HTTP")
                    return false
                }
            }
            return true
        }
        guard ready else { throw notReady(waitsFor.node, waitsFor.reason, logs, after: timeout) }
        guard paused.isEmpty else { throw LaunchError.paused(paused) }
    }

    /// How long a cluster that is ready is waited for to serve what is promoted: nodes that were started anew load it.
    private static let servingPatience = Duration.seconds(10)
    /// What takes longer than this is said.
    private static let silentWait = Duration.seconds(1)

    /// Returns the versions that are promoted and still on no node; one that a node cannot load is no reason for the
    /// cluster not to be up.
    func waitUntilServed(patience: Duration = servingPatience, tell: (String) -> Void) async throws -> [String] {
        let begun = ContinuousClock.now
        var unserved: [String] = []
        var told = false
        _ = try await poll(for: patience, every: .milliseconds(50)) {
            // The coordinator has just answered; should it fall silent, that is no reason either.
            guard let status = try? await readiness.status(folder) else { return false }
            unserved = status.unserved
            guard !unserved.isEmpty, status.canServe else { return true }
            if !told, .now - begun > Self.silentWait {
                told = true
                tell("waiting up to \(patience) until a node serves \(unserved.joined(separator: ", "))")
            }
            return false
        }
        return unserved
    }

    private func throwIfDead(_ node: String, _ logs: [String: UInt64]) throws {
        guard let record = ProcessRecord.read(from: folder.processRecord(of: node)), !record.isAlive else { return }
        let log = folder.log(of: node)
        throw LaunchError.diedAtStart(
            node: node, logTail: LogFile.tail(of: log, lines: 12, from: logs[node] ?? 0), log: log.path)
    }

    private func throwIfPaused(_ node: String) throws {
        guard let record = ProcessRecord.read(from: folder.processRecord(of: node)), record.isPaused else { return }
        throw LaunchError.paused([node: record.processID])
    }

    private func throwIfMisled(_ node: String) throws {
        guard let written = folder.writtenEndpoint(of: node), written.address == nil else { return }
        throw LaunchError.damagedEndpoint(
            node: node, processID: ProcessRecord.read(from: folder.processRecord(of: node))?.processID ?? 0,
            file: folder.endpointFile(of: node).path)
    }

    private func notReady(
        _ node: String, _ reason: String, _ logs: [String: UInt64], after: Duration
    ) -> LaunchError {
        let log = folder.log(of: node)
        return .notReady(
            node: node, reason: reason, after: after,
            logTail: LogFile.tail(of: log, lines: 12, from: logs[node] ?? 0), log: log.path)
    }
}
