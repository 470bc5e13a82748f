import Cluster
import Foundation

/// What `martlet status` shows: the coordinator's view, and what this machine adds to it.
struct StatusDocument: Encodable {
    var status: ClusterStatus
    /// Of the nodes that ended without being asked to.
    var restarts: [String: RestartRecord]
    var limits: [ClusterLimit]

    init(_ status: ClusterStatus, of folder: ClusterFolder) {
        self.status = status
        restarts = folder.restartRecords()
        limits = folder.recordedFile().map(ClusterLimit.all) ?? []
    }

    private enum CodingKeys: CodingKey {
        case restarts, limits
    }

    /// The keys of the status and these two in one object.
    func encode(to encoder: any Encoder) throws {
        try status.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(restarts, forKey: .restarts)
        try container.encode(limits, forKey: .limits)
    }

    /// What stands below the coordinator's view.
    func lines() -> [String] {
        Self.lines(of: restarts)
            + (limits.isEmpty ? [] : ["", "LIMITS"] + limits.map { "\($0.value)  \($0.name)" })
    }

    static func lines(of restarts: [String: RestartRecord]) -> [String] {
        if restarts.isEmpty { return [] }
        return ["", "RESTARTS"]
            + restarts.sorted { $0.key < $1.key }.map { node, record in
                let next = record.nextTry.map { ", next try \($0.formatted(.iso8601))" } ?? ""
                return
                    "\(node)  \(record.restarts) \(record.restarts == 1 ? "time" : "times"), last \(record.lastEnd.formatted(.iso8601))\(next): "
                    + record.lastReason
            }
    }
}
