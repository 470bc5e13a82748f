import JobProtocol
import ClusterProtocol
import Explanations
import Training
import Wire

extension Scheduler {
    /// Starts the next generation of a waiting job on these workers, in rank order.
    mutating func form(_ job: Job, of ranks: [ScheduledWorker], at now: Moment, into effects: inout Effects) {
        guard let plan = job.plan else { return }
        lastGeneration += 1
        let number = lastGeneration
        let parts = Generation.parts(ofSlices: job.specification.train.slices, world: ranks.count)
        let generation = Generation(
            number: number,
            members: zip(ranks, parts).map { worker, slices in
                Generation.Member(
                    name: worker.name, incarnation: worker.incarnation, endpoint: worker.endpoint, slices: slices)
            })
        change(job.id) {
            $0.state = .running(generation)
            $0.generation = number
            $0.started = $0.started ?? now.date
            $0.pausedUntil = nil
            $0.workerWithoutRoom = nil
            $0.returnsUntil = nil
            $0.progress = nil
            $0.detail = Self.detail(ofRunning: $0, world: ranks.count)
        }
        save(job.id, into: &effects)
        let members = generation.members.map {
            Assignment.Member(name: $0.name, endpoint: $0.endpoint, slices: $0.slices)
        }
        for (rank, member) in generation.members.enumerated() {
            workers[member.name]?.state = .assigned(job: job.id, generation: number)
            let assignment = Assignment(
                job: job.id, generation: number, rank: rank, members: members, specification: job.specification,
                plan: plan, start: job.start, resume: job.checkpoint, curve: job.curve, profile: job.profile)
            effects.act(.order(.assign(assignment), node: member.name, incarnation: member.incarnation))
        }
        log(
            .info, "generation started", job: job.id, ["workers": members.map(\.name).joined(separator: ",")],
            into: &effects)
    }

    /// The generation that runs cannot go on: its members leave it, and the job tries again or is given up.
    mutating func fail(
        _ id: String, reason: String, permanent: Bool = false, at now: Moment, into effects: inout Effects
    ) {
        guard let generation = job(id)?.running else { return }
        let reason = reason.shortened(toBytes: Self.detailBytes)
        log(.warning, "generation failed", job: id, ["reason": reason], into: &effects)
        dismiss(generation, of: id, reason: reason, at: now, into: &effects)
        let policy = policy
        change(id) {
            $0.state = .waiting
            $0.failures += 1
            $0.failuresInAll += 1
            $0.failedGeneration = generation.number
            $0.lastFailure = reason
            $0.progress = nil
            $0.detail = "waits to go on after: \(reason)"
            $0.pausedUntil = now.instant + policy.pause(afterFailures: $0.failures)
        }
        if permanent {
            end(id, as: .failed, detail: reason, at: now, into: &effects)
        } else if let verdict = job(id).flatMap(verdict(on:)) {
            end(id, as: .failed, detail: "given up after \(verdict); the last one: \(reason)", at: now, into: &effects)
        } else {
            save(id, into: &effects)
        }
    }

    /// The generation that runs cannot go on because the disk of a worker is full. That is no failed try: the job goes on
    /// by itself when there is room.
    mutating func pauseForRoom(
        _ id: String, on worker: String, reason: String, at now: Moment, into effects: inout Effects
    ) {
        guard let generation = job(id)?.running else { return }
        log(
            .warning, "generation found no room on a worker's disk", job: id,
            ["worker": worker, "reason": reason.shortened(toBytes: Self.detailBytes)], into: &effects)
        let obstacle = "no room on the disk of \(worker)"
        dismiss(generation, of: id, reason: obstacle, at: now, into: &effects)
        let pause = policy.pauseForRoom
        change(id) {
            $0.state = .waiting
            $0.failedGeneration = generation.number
            $0.lastFailure = obstacle
            $0.progress = nil
            $0.detail = Self.detail(withoutRoomOn: worker)
            $0.pausedUntil = now.instant + pause
            $0.workerWithoutRoom = worker
            $0.workersWithoutRoom.removeAll { $0 == worker }
            $0.workersWithoutRoom.append(worker)
        }
        save(id, into: &effects)
    }

    static func detail(withoutRoomOn worker: String) -> String {
        "no room on the disk of \(worker): make room there, and the job goes on by itself"
    }

    /// Bytes of what a job says of its state: who fails may say anything.
    static let detailBytes = 16 << 10

    /// Of a job that has been tried often enough, what came of it.
    private func verdict(on job: Job) -> String? {
        if job.failures >= policy.attempts { return "\(job.failures) tries without a new checkpoint" }
        if job.failuresInAll >= policy.attemptsInAll { return "\(job.failuresInAll) tries that failed" }
        return nil
    }

    /// Tells the members to leave and answers whoever still waits.
    mutating func dismiss(
        _ generation: Generation, of id: String, reason: String, at now: Moment, into effects: inout Effects
    ) {
        let waiting = generation.round?.requests.sorted { $0.key < $1.key }.map(\.value) ?? []
        for request in waiting + [generation.finishing?.request].compactMap({ $0 }) {
            effects.answer(request, .failure(Failure(.cancelled, reason)))
        }
        for member in generation.members {
            guard let worker = workers[member.name], worker.isAssigned(to: id, generation: generation.number)
            else { continue }
            let patience = now.instant + policy.stopTimeout
            workers[worker.name]?.state = .stopping(job: id, generation: generation.number, patience: patience)
            orderStop(worker, job: id, generation: generation.number, reason: reason, into: &effects)
        }
        effects.act(.discardUploads(job: id, generation: generation.number))
    }

    mutating func orderStop(
        _ worker: ScheduledWorker, job: String, generation: UInt64, reason: String, into effects: inout Effects
    ) {
        let stop = StopGeneration(job: job, generation: generation, reason: reason)
        effects.act(.order(.stop(stop), node: worker.name, incarnation: worker.incarnation))
    }

    private static func detail(ofRunning job: Job, world: Int) -> String {
        var detail = "on \(counted(world, "worker"))"
        if let checkpoint = job.checkpoint { detail += " from step \(checkpoint.progress.step)" }
        if !job.lastFailure.isEmpty { detail += ", after: \(job.lastFailure)" }
        return detail
    }
}
