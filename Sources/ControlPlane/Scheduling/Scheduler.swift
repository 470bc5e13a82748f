import JobProtocol
package import ClusterProtocol
import Datasets
package import Digests
import Training
import Wire

/// Which job runs on which workers. A value without clock, store or sockets: an event goes in, effects come out.
///
/// A job is prepared (its data indexed and cut into shards), waits in order of submission for its workers, and runs as
/// a *generation* of ranks. When a worker is lost the generation fails, and the job goes on from its last committed
/// checkpoint as a new generation of whoever is left.
package struct Scheduler: Codable, Sendable, Equatable {
    package let policy: SchedulingPolicy
    /// The jobs that are not over, in order of submission.
    package internal(set) var jobs: [Job]
    /// In order of submission; those that are over stay for a while.
    package internal(set) var launches: [Launch] = []
    /// The living workers by name.
    package internal(set) var workers: [String: ScheduledWorker] = [:]
    /// The job whose data is being prepared, which may be over meanwhile. One at a time, so that an attempt is counted
    /// when it begins.
    var preparing: String?
    var lastJobNumber: Int
    var lastGeneration: UInt64

    package init(policy: SchedulingPolicy = SchedulingPolicy(), stored: StoredState = StoredState(), at now: Moment) {
        self.policy = policy
        let graceEnds = now.instant + policy.restartGrace
        jobs = stored.jobs.map { Job($0, plan: stored.plans[$0.id], adoptUntil: graceEnds) }
        lastJobNumber = stored.lastJobNumber
        lastGeneration = stored.lastGeneration
    }

    /// What a coordinator that has just started does first: prepares again what was being prepared.
    package mutating func start(at now: Moment, into effects: inout Effects) {
        prepareNext(at: now, into: &effects)
    }

    package func job(_ id: String) -> Job? {
        jobs.first { $0.id == id }
    }

    /// The generations that run, by the name of each member.
    package var runningGenerations: [String: UInt64] {
        var generations: [String: UInt64] = [:]
        for generation in jobs.compactMap(\.running) {
            for member in generation.members { generations[member.name] = generation.number }
        }
        return generations
    }

    /// Contents in the store that the jobs need: shards, checkpoints, and what is on its way to become one.
    package var references: Set<ContentDigest> {
        var digests: Set<ContentDigest> = []
        for job in jobs {
            if let plan = job.plan { digests.formUnion(plan.shardDigests) }
            if let start = job.start { digests.insert(start.model) }
            for checkpoint in [job.checkpoint, job.running?.round?.commit.checkpoint].compactMap({ $0 }) {
                digests.formUnion([checkpoint.model, checkpoint.optimizer, checkpoint.best])
            }
            if let finishing = job.running?.finishing { digests.insert(finishing.result.result.model) }
        }
        return digests
    }

    mutating func change(_ id: String, _ body: (inout Job) -> Void) {
        guard let index = jobs.firstIndex(where: { $0.id == id }) else { return }
        body(&jobs[index])
    }

    mutating func changeGeneration(_ id: String, _ body: (inout Generation) -> Void) {
        change(id) { job in
            guard var generation = job.running else { return }
            body(&generation)
            job.state = .running(generation)
        }
    }

    mutating func save(_ id: String, into effects: inout Effects) {
        if let job = job(id) { effects.save(.job(job.stored)) }
    }

    mutating func log(
        _ level: LogEntry.Level, _ message: String, job: String, _ more: [String: String] = [:],
        into effects: inout Effects
    ) {
        var metadata = more
        metadata["job"] = job
        if let generation = self.job(job)?.generation, generation > 0 { metadata["generation"] = "\(generation)" }
        effects.log(level, message, metadata)
    }
}
