import JobProtocol
import LocalCluster
import Foundation

/// What `martlet status` shows: the coordinator's view, and what this machine adds to it.
struct StatusDocument: Encodable {
    var status: ClusterStatus
    /// Of the nodes that ended without being asked to.
    var restarts: [String: RestartRecord]
    var limits: [ClusterLimit]
    /// What is wrong on this machine and seen by no node.
    var warnings: [Finding]

    init(_ status: ClusterStatus, of folder: ClusterFolder) {
        self.status = status
        restarts = folder.restartRecords()
        limits = folder.recordedFile().map(ClusterLimit.all) ?? []
        warnings = ClusterWarnings.all(in: folder)
    }

    private enum CodingKeys: CodingKey {
        case restarts, limits, warnings
    }

    /// The keys of the status and these in one object.
    func encode(to encoder: any Encoder) throws {
        try status.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(restarts, forKey: .restarts)
        try container.encode(limits, forKey: .limits)
        try container.encode(warnings, forKey: .warnings)
    }

    /// What stands below the coordinator's view. What is wrong is never cut.
    func lines(width: Int?) -> [String] {
        let limits = limits.isEmpty ? [] : ["", "LIMITS"] + limits.map { "\($0.value)  \($0.name)" }
        return Self.lines(of: warnings) + (Self.lines(of: restarts) + limits).map { $0.fitting(width) }
    }

    static func lines(of warnings: [Finding]) -> [String] {
        warnings.isEmpty ? [] : ["", "WARNINGS"] + warnings.map { "\($0.subject): \($0.found): \($0.remedy)" }
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
