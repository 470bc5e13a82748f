package import JobProtocol
package import ClusterProtocol
package import Foundation
package import Wire

/// One node as the coordinator knows it.
package struct Member: Codable, Sendable, Equatable {
    /// What it said when it joined.
    package var join: Join
    /// Its newest connection: where orders go.
    package var peer: Peer
    package var state: ClusterStatus.NodeStatus.State
    /// When this incarnation joined.
    package var since: Date
    package var lastSeen: Moment
    package var cpuPercent: Float = 0
    package var residentBytes: UInt64 = 0
    package var report: NodeReport?

    package var name: String { join.name }
    package var incarnation: UInt64 { join.incarnation }

    package var status: ClusterStatus.NodeStatus {
        ClusterStatus.NodeStatus(
            name: join.name, role: join.role, state: state, endpoint: join.endpoint, host: join.host,
            processID: join.processID, since: since, lastSeen: lastSeen.date, cpuPercent: cpuPercent,
            residentBytes: residentBytes, activity: report?.activity ?? "", cache: report?.cache,
            load: report?.inference?.load)
    }
}
