import ClusterProtocol
import Digests
import JobProtocol
import Training
import Wire

extension Event {
    /// In a few words: what happened, to what, by whom.
    package var summary: String {
        switch self {
        case .started: "the coordinator started"
        case .stopping: "the coordinator is asked to end"
        case .stalled(let stall): "the coordinator got no time for \(stall.inSeconds)"
        case .due(let part): "time passed for \(part.rawValue)"
        case .joined(let join, _, let peer, _):
            "\(peer.name) joins as \(join.role.rawValue), incarnation \(join.incarnation)"
        case .heartbeat(_, let report, let peer, _):
            "\(peer.name) lives\(report.map { ": \($0.activity)" } ?? "")"
        case .progressed, .checkpoint, .traced, .finished, .generationFailed, .rankReady, .rankPrinted, .rankEnded,
            .replicaReported, .routed:
            report
        case .submit, .cancel, .halt, .launch, .cancelLaunch, .promote, .rollBack, .deleteModel, .deleteAlias: call
        case .orderAnswered, .prepared, .preparationFailed, .preparationDied, .preparationFoundNoRoom,
            .checkpointStored, .checkpointRefused, .checkpointFoundNoRoom, .manifestStored, .manifestRefused,
            .manifestFoundNoRoom:
            completion
        }
    }

    /// What nodes say.
    private var report: String {
        switch self {
        case .progressed(let report, let name, _): "\(name): \(report.job) is at step \(report.step)"
        case .checkpoint(let commit, let name, _):
            "\(name): rank \(commit.rank) of \(commit.job) has step \(commit.checkpoint.progress.step)"
        case .traced(let report, let name, _): "\(name): trace of \(report.job)"
        case .finished(let report, let name, _): "\(name): \(report.job) is finished"
        case .generationFailed(let report, let name, _):
            "\(name): generation \(report.generation) of \(report.job) failed: \(report.reason)"
        case .rankReady(let ready, let name, _): "\(name): rank \(ready.rank) of \(ready.launch) listens"
        case .rankPrinted(let output, let name, _): "\(name): rank \(output.rank) of \(output.launch) printed"
        case .rankEnded(let ended, let name, _): "\(name): rank \(ended.rank) of \(ended.launch) ended"
        case .replicaReported(let replica, let name, _):
            "\(name): \(replica.model):\(replica.version) is \(replica.state.rawValue)"
        case .routed(let position, let name, _): "\(name) routes by table \(position.epoch)"
        default: ""
        }
    }

    /// What operators ask.
    private var call: String {
        switch self {
        case .submit(let call, let name, _): "\(name) submits \(call.specification.name)"
        case .cancel(let job, let name, _): "\(name) cancels \(job)"
        case .halt(let job, let name, _): "\(name) stops \(job), to be cancelled later"
        case .launch(let call, let name, _): "\(name) launches \(call.name)"
        case .cancelLaunch(let launch, let name, _): "\(name) cancels \(launch)"
        case .promote(let call, let name, _): "\(name) promotes \(call.name):\(call.version) to \(call.alias)"
        case .rollBack(let call, let name, _): "\(name) rolls \(call.name)@\(call.alias) back"
        case .deleteModel(let call, let name, _):
            "\(name) deletes \(call.name)\(call.version.map { ":\($0)" } ?? "")"
        case .deleteAlias(let call, let name, _): "\(name) deletes \(call.name)@\(call.alias)"
        default: ""
        }
    }

    /// What has come of actions.
    private var completion: String {
        switch self {
        case .orderAnswered(let order, let node, _, let outcome):
            "\(node): order '\(order.kind.rawValue)' \(outcome.problem.map { "not taken: \($0)" } ?? "taken")"
        case .prepared(let job, _, _): "data of \(job) prepared"
        case .preparationFailed(let job, let reason): "data of \(job) not prepared: \(reason)"
        case .preparationDied(let job, let reason): "preparation of \(job) came to no end: \(reason)"
        case .preparationFoundNoRoom(let job): "no room to prepare \(job)"
        case .checkpointStored(let upload): "step \(upload.checkpoint.progress.step) of \(upload.job) stored"
        case .checkpointRefused(let upload, let reason):
            "step \(upload.checkpoint.progress.step) of \(upload.job) not stored: \(reason)"
        case .checkpointFoundNoRoom(let upload):
            "no room for step \(upload.checkpoint.progress.step) of \(upload.job)"
        case .manifestStored(_, let digest, let job, _): "result of \(job) stored as \(digest.short)"
        case .manifestRefused(let job, _, let reason, _): "result of \(job) not stored: \(reason)"
        case .manifestFoundNoRoom(let job, _): "no room for the result of \(job)"
        default: ""
        }
    }
}
