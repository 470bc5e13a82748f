package import ClusterProtocol
import Wire

extension Scheduler {
    package mutating func workerJoined(
        _ name: String, incarnation: UInt64, endpoint: String, at now: Moment, into effects: inout Effects
    ) {
        workers[name] = ScheduledWorker(name: name, incarnation: incarnation, endpoint: endpoint, state: .joined)
        for job in jobs {
            guard let generation = job.running, generation.stillNeeds(name),
                generation.members.contains(where: { $0.name == name && $0.incarnation != incarnation })
            else { continue }
            fail(job.id, reason: "\(name) was started again and has lost its place", at: now, into: &effects)
        }
        failLaunch(on: name, incarnation: incarnation, reason: "the worker was started again", at: now, into: &effects)
        schedule(at: now, into: &effects)
    }

    package mutating func workerDied(
        _ name: String, incarnation: UInt64, reason: String, at now: Moment, into effects: inout Effects
    ) {
        guard let worker = workers[name], worker.incarnation == incarnation else { return }
        workers[name] = nil
        let verdict = "\(name) died: \(reason)"
        if let (job, number) = worker.generationBeingLeft, self.job(job)?.failedGeneration == number {
            // The other ranks noticed first, and could only say that they lost someone.
            change(job) { $0.lastFailure = verdict }
        }
        for job in jobs where job.running?.stillNeeds(name) == true {
            fail(job.id, reason: verdict, at: now, into: &effects)
        }
        failLaunch(on: name, reason: "the worker died: \(reason)", at: now, into: &effects)
        schedule(at: now, into: &effects)
    }

    /// What a worker says of itself with every heartbeat.
    package mutating func workerReported(
        _ name: String, incarnation: UInt64, _ report: WorkerReport, at now: Moment, into effects: inout Effects
    ) {
        guard let worker = workers[name], worker.incarnation == incarnation else { return }
        if let job = report.job, let generation = report.generation {
            place(worker, in: job, generation: generation, at: now, into: &effects)
        } else {
            idle(worker, at: now, into: &effects)
        }
        schedule(at: now, into: &effects)
    }

    /// A worker answered an `assign`.
    package mutating func assignmentAnswered(
        _ name: String, job: String, generation: UInt64, failure: String?, at now: Moment, into effects: inout Effects
    ) {
        guard let failure, workers[name]?.isAssigned(to: job, generation: generation) == true else { return }
        fail(job, reason: "\(name) did not take its assignment: \(failure)", at: now, into: &effects)
        schedule(at: now, into: &effects)
    }

    private mutating func idle(_ worker: ScheduledWorker, at now: Moment, into effects: inout Effects) {
        switch worker.state {
        case .joined:
            workers[worker.name]?.state = .idle
            adopt(worker, idle: true, at: now, into: &effects)
        case .stopping, .leaving: workers[worker.name]?.state = .idle
        // Free already; or it has done its part before the others, or has not seen its assignment yet.
        case .idle, .assigned: break
        }
    }

    private mutating func place(
        _ worker: ScheduledWorker, in id: String, generation number: UInt64, at now: Moment, into effects: inout Effects
    ) {
        switch worker.state {
        case .assigned, .stopping, .leaving: return
        case .joined, .idle:
            if job(id)?.running?.number == number, job(id)?.running?.rank(of: worker.name) != nil {
                workers[worker.name]?.state = .assigned(job: id, generation: number)
                adopt(worker, idle: false, at: now, into: &effects)
            } else {
                sendAway(worker, from: id, generation: number, at: now, into: &effects)
            }
        }
    }

    /// A worker of a running generation is back after a restart of the coordinator.
    private mutating func adopt(_ worker: ScheduledWorker, idle: Bool, at now: Moment, into effects: inout Effects) {
        for job in jobs {
            guard let generation = job.running, generation.adoption != nil,
                let rank = generation.rank(of: worker.name)
            else { continue }
            // Other ranks may be done before rank 0 is, which evaluates and reports; rank 0 itself never is.
            if idle, rank == 0 {
                fail(job.id, reason: "\(worker.name) (rank 0) had left the generation", at: now, into: &effects)
                continue
            }
            workers[worker.name]?.state = .assigned(job: job.id, generation: generation.number)
            changeGeneration(job.id) { generation in
                generation.adoption?.missing.remove(worker.name)
                if generation.adoption?.missing.isEmpty == true { generation.adoption = nil }
            }
            if self.job(job.id)?.running?.adoption == nil {
                change(job.id) { $0.returnsUntil = nil }
                log(.info, "generation adopted after restart", job: job.id, into: &effects)
            }
        }
    }

    /// Repeats `stop` to those who should be gone and are not.
    mutating func remindStragglers(at now: Moment, into effects: inout Effects) {
        for worker in workers.values.sorted(by: { $0.name < $1.name }) {
            switch worker.state {
            case .stopping(let job, let generation, let patience), .leaving(let job, let generation, let patience):
                guard now.instant >= patience else { continue }
                sendAway(worker, from: job, generation: generation, at: now, into: &effects)
            case .joined, .idle, .assigned: continue
            }
        }
    }

    private mutating func sendAway(
        _ worker: ScheduledWorker, from job: String, generation: UInt64, at now: Moment, into effects: inout Effects
    ) {
        let patience = now.instant + policy.stopTimeout
        workers[worker.name]?.state = .leaving(job: job, generation: generation, patience: patience)
        orderStop(worker, job: job, generation: generation, reason: "this generation is over", into: &effects)
    }
}
