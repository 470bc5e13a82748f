package import ClusterProtocol
import JobProtocol

extension Event {
    /// Throws what is wrong with an event that was written down: what a peer said is held to the same as when it said it.
    package func check() throws(DocumentProblem) {
        switch self {
        case .heartbeat(_, let report, _, _): try report?.check()
        case .progressed(let report, _, _): try report.check()
        case .checkpoint(let commit, _, _): try commit.check()
        case .traced(let report, _, _): try report.check()
        case .finished(let report, _, _): try report.check()
        case .generationFailed(let report, _, _): try report.check()
        case .rankReady(let ready, _, _): try ready.check()
        case .rankPrinted(let output, _, _): try output.check()
        case .rankEnded(let ended, _, _): try ended.check()
        case .replicaReported(let replica, _, _): try replica.check()
        case .routed(let position, _, _): try position.check()
        case .submit(let call, _, _): try call.check()
        case .launch(let call, _, _): try call.check()
        case .promote(let call, _, _): try call.check()
        case .rollBack(let call, _, _): try call.check()
        case .deleteModel(let call, _, _): try call.check()
        case .deleteAlias(let call, _, _): try call.check()
        case .orderAnswered(.load(let load), _, _, _): try load.check()
        case .orderAnswered(.unload(let unload), _, _, _): try unload.check()
        case .started, .stopping, .stalled, .due, .joined, .cancel, .halt, .cancelLaunch, .orderAnswered, .prepared,
            .preparationFailed, .preparationDied, .preparationFoundNoRoom, .checkpointStored, .checkpointRefused,
            .checkpointFoundNoRoom, .manifestStored, .manifestRefused, .manifestFoundNoRoom:
            break
        }
    }
}
