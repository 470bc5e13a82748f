package import Checkpoints
package import ClusterProtocol
package import Datasets
package import Digests
package import JobProtocol
package import Wire

/// Something that happens to the control plane, with who did it.
///
/// The same events at the same moments lead from one state to the same other one, so that what a coordinator did can be
/// written down, and done again. They hold what the plane needs and no more: of an order its subject, of a manifest what
/// is registered.
package enum Event: Codable, Sendable, Equatable {
    /// The first event of a coordinator, and the last.
    case started
    case stopping
    /// The coordinator got no time itself for so long.
    case stalled(Duration)
    case due(Overdue)

    // Of nodes. `from` is the name in the keyring.
    case joined(Join, protocolVersion: UInt32, from: Peer, RequestID)
    /// The report is read already, and no part of the heartbeat any more.
    case heartbeat(Heartbeat, NodeReport?, from: Peer, RequestID)

    // Of workers that train.
    case progressed(ProgressReport, from: String, RequestID)
    case checkpoint(CheckpointCommit, from: String, RequestID)
    case traced(TraceReport, from: String, RequestID)
    case finished(GenerationFinished, from: String, RequestID)
    case generationFailed(GenerationFailed, from: String, RequestID)

    // Of workers that run ranks of a launch.
    case rankReady(RankReady, from: String, RequestID)
    case rankPrinted(RankOutput, from: String, RequestID)
    case rankEnded(RankEnded, from: String, RequestID)

    // Of inference nodes and gateways.
    case replicaReported(ReplicaReport, from: String, RequestID)
    case routed(RoutingPosition, by: String, RequestID)

    // Of operators.
    case submit(SubmitJob, by: String, RequestID)
    case cancel(job: String, by: String, RequestID)
    /// What the job does ends until `cancel` can be stored.
    case halt(job: String, by: String, RequestID)
    case launch(StartLaunch, by: String, RequestID)
    case cancelLaunch(String, by: String, RequestID)
    case promote(PromoteVersion, by: String, RequestID)
    case rollBack(RollBackAlias, by: String, RequestID)
    case deleteModel(DeleteModel, by: String, RequestID)
    case deleteAlias(DeleteAlias, by: String, RequestID)

    // Of what was started by an action: it has come to its end.
    case orderAnswered(Order.Subject, node: String, incarnation: UInt64, OrderOutcome)
    case prepared(job: String, DataPlan, StartingPoint?)
    case preparationFailed(job: String, reason: String)
    /// Its process ended before it had a result.
    case preparationDied(job: String, reason: String)
    /// The disk took nothing, and may do so later.
    case preparationFoundNoRoom(job: String)
    case checkpointStored(CheckpointUpload)
    case checkpointRefused(CheckpointUpload, reason: String)
    case checkpointFoundNoRoom(CheckpointUpload)
    case manifestStored(Manifest, ContentDigest, job: String, generation: UInt64)
    /// - Parameter permanent: it would be refused again.
    case manifestRefused(job: String, generation: UInt64, reason: String, permanent: Bool)
    case manifestFoundNoRoom(job: String, generation: UInt64)

    /// What time lets happen, each an event of its own: what a full disk does not take of one of them does not hold up
    /// the others.
    package enum Overdue: String, Codable, CaseIterable, Sendable {
        /// Silent nodes are given up.
        case members
        case jobs
        case models
    }
}
