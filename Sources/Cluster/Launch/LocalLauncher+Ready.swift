import Explanations
import Wire
import Foundation
import Glibc

extension LocalLauncher {
    /// The address that a node writes down as soon as it listens.
    func waitForEndpoint(of node: LaunchPlan.Node, timeout: Duration) async throws -> String {
        var endpoint: String?
        let ready = try await poll(for: timeout) {
            try throwIfDead(node.name)
            try throwIfPaused(node.name)
            endpoint = folder.endpoint(of: node.name)
            return endpoint != nil
        }
        guard ready, let endpoint else { throw notReady(node.name, "it does not listen yet", after: timeout) }
        return endpoint
    }

    /// Ready means: the coordinator sees every process that runs here alive, in this very incarnation, and the
    /// gateway answers over HTTP.
    func waitUntilReady(_ plan: LaunchPlan, timeout: Duration) async throws {
        var waitsFor = (node: plan.coordinator.name, reason: "it does not answer")
        // Nodes that are stopped are not waited for, and said to be once the others are ready.
        var paused: [String: Int32] = [:]
        let ready = try await poll(for: timeout) {
            let processes = folder.processes()
            for node in plan.nodes { try throwIfDead(node.name) }
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
                guard let url = folder.endpoint(of: node.name), await readiness.gatewayIsLive(url) else {
                    waitsFor = (node.name, "it does not answer over HTTP")
                    return false
                }
            }
            return true
        }
        guard ready else { throw notReady(waitsFor.node, waitsFor.reason, after: timeout) }
        guard paused.isEmpty else { throw LaunchError.paused(paused) }
    }

    private func throwIfDead(_ node: String) throws {
        guard let record = ProcessRecord.read(from: folder.processRecord(of: node)), !record.isAlive else { return }
        let log = folder.log(of: node)
        throw LaunchError.diedAtStart(node: node, logTail: LogFile.tail(of: log, lines: 12), log: log.path)
    }

    private func throwIfPaused(_ node: String) throws {
        guard let record = ProcessRecord.read(from: folder.processRecord(of: node)), record.isPaused else { return }
        throw LaunchError.paused([node: record.processID])
    }

    private func notReady(_ node: String, _ reason: String, after: Duration) -> LaunchError {
        let log = folder.log(of: node)
        return .notReady(
            node: node, reason: reason, after: after, logTail: LogFile.tail(of: log, lines: 12), log: log.path)
    }
}
