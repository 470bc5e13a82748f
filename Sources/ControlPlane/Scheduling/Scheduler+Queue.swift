import JobProtocol
package import ClusterProtocol
import Explanations

extension Scheduler {
    /// Gives free workers to the waiting jobs and launches, in order of submission.
    ///
    /// One that could start if others ended holds up those behind it, so that a large one is not starved by small
    /// ones. One that asks for more workers than there are is passed over, and so is one that waits for room on a disk: it
    /// could wait for ever.
    mutating func schedule(at now: Moment, into effects: inout Effects) {
        var heldUpBy: String?
        for id in queue {
            if let heldUpBy {
                setDetail("waits behind \(heldUpBy)", of: id)
                continue
            }
            let free = freeWorkers
            if let job = job(id) {
                guard let obstacle = obstacle(to: job, free: free.count, at: now) else {
                    form(job, of: Array(turns(free, for: job).prefix(job.workersAsked)), at: now, into: &effects)
                    continue
                }
                setDetail(obstacle, of: id)
                if job.workersNeeded <= workers.count, !isPaused(job, at: now) || job.workerWithoutRoom == nil {
                    heldUpBy = id
                }
            } else if let launch = launch(id) {
                guard let obstacle = obstacle(to: launch, free: free.count) else {
                    start(launch, on: Array(free.prefix(launch.workersAsked)), at: now, into: &effects)
                    continue
                }
                setDetail(obstacle, of: id)
                if launch.workersAsked <= workers.count { heldUpBy = id }
            }
        }
    }

    /// The waiting jobs and launches, in order of submission.
    private var queue: [String] {
        let waiting =
            jobs.filter { $0.state == .waiting && !$0.isHalted }.map { ($0.number, $0.id) }
            + launches.filter { $0.state == .waiting }.map { ($0.number, $0.id) }
        return waiting.sorted { $0 < $1 }.map(\.1)
    }

    /// When something becomes due by itself.
    mutating package func advance(to now: Moment, into effects: inout Effects) {
        for job in jobs {
            guard let generation = job.running else { continue }
            if let adoption = generation.adoption, generation.finishing == nil, now.instant >= adoption.deadline {
                let missing = adoption.missing.sorted().joined(separator: ", ")
                fail(
                    job.id,
                    reason: "\(missing) did not come back within \(policy.restartGrace.inSeconds) "
                        + "after the coordinator's restart", at: now, into: &effects)
            } else if let round = generation.round, !round.isStoring, now.instant >= round.deadline {
                abandon(round, of: job.id, world: generation.members.count, into: &effects)
            }
        }
        remindStragglers(at: now, into: &effects)
        schedule(at: now, into: &effects)
    }

    /// Idle workers; of equal right, so in the order of their names, `worker-2` before `worker-10`.
    private var freeWorkers: [ScheduledWorker] {
        workers.values.filter { $0.state == .idle }
            .sorted { ($0.name.count, $0.name) < ($1.name.count, $1.name) }
    }

    /// The order in which free workers are taken: those on whose disks the job found no room last, the one that was tried
    /// most recently behind all others.
    private func turns(_ free: [ScheduledWorker], for job: Job) -> [ScheduledWorker] {
        let full = job.workersWithoutRoom
        let others = free.filter { !full.contains($0.name) }
        return others + full.compactMap { name in free.first { $0.name == name } }
    }

    private func isPaused(_ job: Job, at now: Moment) -> Bool {
        job.pausedUntil.map { now.instant < $0 } ?? false
    }

    /// Why a waiting job cannot start now; nil when it can.
    private func obstacle(to job: Job, free: Int, at now: Moment) -> String? {
        let after = job.lastFailure.isEmpty ? "" : "; before that: \(job.lastFailure)"
        if isPaused(job, at: now) {
            if let worker = job.workerWithoutRoom { return Self.detail(withoutRoomOn: worker) }
            return "pauses before try \(job.failures + 1) of \(policy.attempts)\(after)"
        }
        let leaving = workers.values.filter { $0.holdsUp(job.id, at: now) }.map(\.name).sorted()
        if !leaving.isEmpty {
            return "waits until \(leaving.joined(separator: ", ")) left the failed generation\(after)"
        }
        if free < job.workersNeeded {
            return shortage(job.workersNeeded, free: free) + after
        }
        if free < job.workersAsked, let returnsUntil = job.returnsUntil, now.instant < returnsUntil {
            return "waits for the workers to come back after the coordinator's restart\(after)"
        }
        return nil
    }

    /// That there are too few free workers, and whether some will be at once: they have come and not yet said what they
    /// do, or are on their way out of what is over.
    func shortage(_ needed: Int, free: Int) -> String {
        let coming = workers.values.filter { worker in
            switch worker.state {
            case .joined, .leaving: true
            case .idle, .assigned, .stopping: false
            }
        }
        guard free + coming.count < needed else { return "starts as soon as \(Self.names(coming)) can take it" }
        return "waits for \(counted(needed, "worker")), \(free) \(free == 1 ? "is" : "are") free"
    }

    private static func names(_ workers: [ScheduledWorker]) -> String {
        workers.map(\.name).sorted { ($0.count, $0) < ($1.count, $1) }.joined(separator: ", ")
    }

    private mutating func setDetail(_ detail: String, of id: String) {
        changeLaunch(id) { $0.detail = detail }
        guard job(id)?.detail != detail else { return }
        change(id) { $0.detail = detail }
    }
}
