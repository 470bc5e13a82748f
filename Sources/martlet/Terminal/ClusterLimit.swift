import ControlPlane
import LocalCluster
import Foundation
import Wire

/// One bound of a cluster that its users can run into, with the key of the cluster file that moves it.
struct ClusterLimit: Encodable, Equatable {
    var name: String
    var value: String
    /// Nil where it is fixed.
    var key: String?

    static func all(of file: ClusterFile) -> [ClusterLimit] {
        let policy = SchedulingPolicy()
        return [
            ClusterLimit(
                name: "in the body of a request (gateway.max_body_bytes)",
                value: Figures.bytes(UInt64(max(0, file.gateway.maxBodyBytes))), key: "gateway.max_body_bytes"),
            ClusterLimit(
                name: "rows in one run of a network (inference.max_batch_rows)",
                value: Figures.grouped(file.inference.maxBatchRows), key: "inference.max_batch_rows"),
            ClusterLimit(
                name: "rows waiting on an inference node (inference.queue_rows)",
                value: Figures.grouped(file.inference.queueRows), key: "inference.queue_rows"),
            ClusterLimit(
                name: "jobs and launches that wait or run", value: Figures.grouped(policy.activeJobs), key: nil),
            ClusterLimit(
                name: "tries of a job without a new checkpoint", value: Figures.grouped(policy.attempts), key: nil),
            ClusterLimit(
                name: "in one message of the control plane",
                value: Figures.bytes(UInt64(WireLimits.documentBytes)), key: nil),
            ClusterLimit(
                name: "in a log before it is set aside",
                value: Figures.bytes(UInt64(LogFile.rotationBytes)), key: nil),
        ]
    }
}
