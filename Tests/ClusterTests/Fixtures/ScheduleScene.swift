import Datasets
import Digests
import Testing
import Training
import Wire

@testable import ClusterProtocol
@testable import JobProtocol
@testable import ControlPlane

/// A scheduler with a clock that tests move by hand.
struct ScheduleScene {
    var scheduler: Scheduler
    var now = Moment.start
    private var lastRequest: UInt64 = 0
    /// Everything that is saved, the newest last.
    var saved: [StateChange] = []

    init(stored: StoredState = StoredState(), policy: SchedulingPolicy = SchedulingPolicy()) {
        scheduler = Scheduler(policy: policy, stored: stored, at: .start)
    }

    mutating func request() -> RequestID {
        lastRequest += 1
        return RequestID(lastRequest)
    }

    @discardableResult
    mutating func run(_ event: (inout Scheduler, Moment, inout Effects) -> Void) -> Effects {
        var effects: Effects = []
        event(&scheduler, now, &effects)
        saved += effects.changes
        return effects
    }

    mutating func wait(_ duration: Duration) -> Effects {
        now = now.advanced(by: duration)
        return run { $0.advance(to: $1, into: &$2) }
    }

    /// Submits and prepares a job; its id and what preparing it led to.
    mutating func submit(
        _ specification: JobSpecification = .example(), plan: DataPlan? = nil, warnings: [String] = [],
        profile: Bool = false
    ) -> (id: String, actions: Effects) {
        let request = request()
        let submitted = run {
            $0.submit(
                specification, source: "name: digits", warnings: warnings, profile: profile, request: request, at: $1,
                into: &$2)
        }
        guard case .job(let status)? = submitted.answer(to: request) else {
            Issue.record("refused: \(submitted)")
            return ("", submitted)
        }
        let plan = plan ?? .example(slices: specification.train.slices)
        return (status.id, run { $0.prepared(status.id, plan: plan, at: $1, into: &$2) })
    }

    /// Nil where no such job is active.
    mutating func cancel(_ id: String) -> (request: RequestID, actions: Effects?) {
        let request = request()
        var isActive = false
        let effects = run { isActive = $0.cancel(id, request: request, at: $1, into: &$2) }
        return (request, isActive ? effects : nil)
    }

    /// A worker joins and says that it is idle.
    @discardableResult
    mutating func addWorker(_ name: String, incarnation: UInt64 = 1) -> Effects {
        join(name, incarnation: incarnation) + report(name, incarnation: incarnation)
    }

    @discardableResult
    mutating func join(_ name: String, incarnation: UInt64 = 1) -> Effects {
        run { $0.workerJoined(name, incarnation: incarnation, endpoint: "tcp://\(name):1", at: $1, into: &$2) }
    }

    @discardableResult
    mutating func report(
        _ name: String, incarnation: UInt64 = 1, job: String? = nil, generation: UInt64? = nil
    ) -> Effects {
        run {
            $0.workerReported(
                name, incarnation: incarnation, WorkerReport(job: job, generation: generation), at: $1, into: &$2)
        }
    }

    @discardableResult
    mutating func die(_ name: String, incarnation: UInt64 = 1) -> Effects {
        run { $0.workerDied(name, incarnation: incarnation, reason: "no heartbeat for 3 s", at: $1, into: &$2) }
    }

    /// A worker has left its generation and says so.
    @discardableResult
    mutating func leave(_ name: String) -> Effects {
        report(name)
    }

    mutating func commit(
        _ checkpoint: CheckpointReference, job: String, generation: UInt64, rank: Int, from name: String,
        curve: [EpochRecord]? = nil
    ) -> (request: RequestID, actions: Effects) {
        let request = request()
        let commit = CheckpointCommit(
            job: job, generation: generation, rank: rank, checkpoint: checkpoint, modelBytes: 10, optimizerBytes: 20,
            curve: curve ?? [EpochRecord(epoch: 1, step: checkpoint.progress.step, trainingLoss: 0.5)])
        return (request, run { $0.checkpoint(commit, from: name, request: request, at: $1, into: &$2) })
    }

    /// All ranks of the running generation commit, and the files are stored.
    mutating func commitAll(_ checkpoint: CheckpointReference, job: String) throws {
        let generation = try #require(scheduler.job(job)?.running)
        var upload: CheckpointUpload?
        for (rank, member) in generation.members.enumerated() {
            let (_, actions) = commit(
                checkpoint, job: job, generation: generation.number, rank: rank, from: member.name)
            for case .storeCheckpoint(let complete) in actions { upload = complete }
        }
        let complete = try #require(upload)
        run { $0.checkpointStored(complete, failure: nil, at: $1, into: &$2) }
    }

    func job(_ id: String) throws -> Job { try #require(scheduler.job(id)) }

    /// What a coordinator that starts now would find in its store.
    func restarted(after pause: Duration = .seconds(1)) -> ScheduleScene {
        var stored = StoredState()
        var jobs: [String: StoredJob] = [:]
        var lastNumber = 0
        var lastGeneration: UInt64 = 0
        for change in saved {
            switch change {
            case .job(let job): jobs[job.id] = job
            case .plan(let plan, let job): stored.plans[job] = plan
            case .dropPlan(let job): stored.plans[job] = nil
            case .number(let number): lastNumber = max(lastNumber, number)
            case .generation(let number): lastGeneration = max(lastGeneration, number)
            case .evaluation, .trace, .version, .alias, .dropVersion, .dropAlias, .promotion, .routing: break
            }
        }
        stored.jobs = jobs.values.filter { !$0.state.isFinal }.sorted { $0.number < $1.number }
        stored.lastJobNumber = max(jobs.values.map(\.number).max() ?? 0, lastNumber)
        stored.lastGeneration = max(jobs.values.map(\.generation).max() ?? 0, lastGeneration)
        var scene = ScheduleScene()
        scene.now = now.advanced(by: pause)
        scene.scheduler = Scheduler(policy: scheduler.policy, stored: stored, at: scene.now)
        scene.saved = saved
        return scene
    }
}
