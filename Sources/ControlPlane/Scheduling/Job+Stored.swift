package import JobProtocol
import Datasets
import Foundation
import Training

extension Job {
    /// A job found in the store by a coordinator that starts. A running generation stays as it is until its members
    /// have had time to come back.
    init(_ stored: StoredJob, plan: DataPlan?, adoptUntil deadline: ContinuousClock.Instant) {
        self.init(
            id: stored.id, number: stored.number, specification: stored.specification, source: stored.source,
            submitted: stored.submitted, warnings: stored.warnings, profile: stored.profile, start: stored.start)
        detail = stored.detail
        started = stored.started
        generation = stored.generation
        self.plan = plan
        checkpoint = stored.checkpoint
        curve = stored.curve.thinned()
        preparations = stored.preparations
        failures = stored.failures
        failuresInAll = stored.failuresInAll
        lastFailure = stored.lastFailure
        returnsUntil = deadline
        if plan == nil {
            state = .preparing
        } else if stored.state == .running {
            let adoption = Generation.Adoption(missing: Set(stored.members.map(\.name)), deadline: deadline)
            state = .running(Generation(number: stored.generation, members: stored.members, adoption: adoption))
        } else {
            state = .waiting
        }
    }

    var stored: StoredJob {
        StoredJob(
            id: id, number: number, specification: specification, source: source, state: status.state, detail: detail,
            submitted: submitted, started: started, ended: nil, generation: generation,
            members: running?.members ?? [], checkpoint: checkpoint, curve: curve, metrics: [:],
            version: nil, failures: failures, failuresInAll: failuresInAll, lastFailure: lastFailure,
            warnings: warnings, profile: profile, data: plan.map(DataSummary.init), start: start,
            preparations: preparations)
    }

    /// Its last record.
    func stored(ended state: JobStatus.State, detail: String, at date: Date) -> StoredJob {
        var stored = self.stored
        stored.state = state
        stored.detail = detail
        stored.ended = date
        stored.members = []
        stored.checkpoint = nil
        return stored
    }

    package var status: JobStatus {
        let state: JobStatus.State =
            switch self.state {
            case .preparing: .preparing
            case .waiting: .waiting
            case .running: .running
            }
        return JobStatus(
            id: id, name: specification.name, state: state, detail: detail, submitted: submitted, started: started,
            generation: generation, workers: running?.members.map(\.name) ?? [], progress: progress, curve: curve,
            warnings: warnings, specification: specification)
    }
}

extension StoredJob {
    /// What is shown of a job that is over.
    package var status: JobStatus {
        JobStatus(
            id: id, name: specification.name, state: state, detail: detail, submitted: submitted, started: started,
            ended: ended, generation: generation, workers: members.map(\.name), curve: curve.thinned(),
            metrics: metrics,
            warnings: warnings, version: version, specification: specification)
    }
}
