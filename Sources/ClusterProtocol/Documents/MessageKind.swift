/// The kind of each message of the control protocol, as it stands in its `Document`. A document may have another kind,
/// since its sender may be of a later version: then it is refused by its name.
package enum MessageKind: String, CaseIterable, Sendable {
    // The coordinator to workers, inference nodes and gateways.
    case assign, stop, launch, roster
    case load, unload
    case routing

    // Workers to the coordinator.
    case progress, checkpoint, trace, finished
    case generationFailed = "generation-failed"
    case rankReady = "rank-ready"
    case rankOutput = "rank-output"
    case rankEnded = "rank-ended"

    // Inference nodes and gateways to the coordinator.
    case replica
    case routed

    // Workers and ranks of launches among themselves.
    case hello

    // Operators to the coordinator.
    case submitJob = "operator.submit"
    case showJob = "operator.job"
    case reportJob = "operator.report"
    case traceJob = "operator.trace"
    case listJobs = "operator.jobs"
    case cancelJob = "operator.cancel"
    case deleteJob = "operator.delete-job"
    case listModels = "operator.models"
    case promoteVersion = "operator.promote"
    case rollBackAlias = "operator.rollback"
    case deleteModel = "operator.delete-model"
    case deleteAlias = "operator.delete-alias"
    case startLaunch = "operator.launch"
    case followLaunch = "operator.launch-output"
    case cancelLaunch = "operator.cancel-launch"
    case collectGarbage = "operator.gc"
    case backUp = "operator.backup"
    case showStatus = "operator.status"

    /// What the kinds of operators' calls begin with, and no other.
    package static let callPrefix = "operator."

    package var isCall: Bool { rawValue.hasPrefix(Self.callPrefix) }
}
