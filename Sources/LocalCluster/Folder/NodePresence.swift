package import Foundation

/// What the files of a cluster and the system's list of processes say of one of its nodes, before anyone asks it.
package enum NodePresence: Sendable, Equatable {
    /// None was started, or it was taken down.
    case absent
    /// It does nothing until it gets SIGCONT.
    case paused(ProcessRecord)
    /// It runs and has not yet written down where it listens.
    case starting(ProcessRecord)
    /// It has ended, and a supervisor is there that starts it again.
    case restarting(ProcessRecord, nextTry: Date?)
    case ended(ProcessRecord)
    /// It runs and its endpoint file holds no address: it writes it again, unless there is no file in its place.
    case misled(ProcessRecord)
    case listens(at: String)

    /// Whether it is worth a moment's wait: it comes up by itself, within `patience`.
    package func isComing(within patience: Duration, of now: Date) -> Bool {
        switch self {
        case .starting, .misled, .restarting(_, nextTry: nil): true
        case .restarting(_, let next?): next.timeIntervalSince(now) <= patience / .seconds(1)
        case .absent, .paused, .ended, .listens: false
        }
    }
}

extension ClusterFolder {
    /// The process comes first: whatever files it left behind mean nothing once it has ended. Without a record of one
    /// the address counts.
    package func presence(of node: String) -> NodePresence {
        let written = writtenEndpoint(of: node)
        guard let process = processes()[node] else {
            return written?.address.map { .listens(at: $0) } ?? .absent
        }
        if process.isPaused { return .paused(process) }
        guard process.isAlive else {
            guard let supervisor, supervisor.isAlive, !supervisor.isPaused else { return .ended(process) }
            return .restarting(process, nextTry: restartRecords()[node]?.nextTry)
        }
        guard let written else { return .starting(process) }
        return written.address.map { .listens(at: $0) } ?? .misled(process)
    }

    /// The same, once it has come up or will not within `patience`.
    package func presence(of node: String, patience: Duration) async throws -> NodePresence {
        let end = ContinuousClock.now + patience
        var presence = presence(of: node)
        _ = try await poll(for: patience, every: .milliseconds(50)) {
            presence = self.presence(of: node)
            return !presence.isComing(within: end - .now, of: Date())
        }
        return presence
    }
}
