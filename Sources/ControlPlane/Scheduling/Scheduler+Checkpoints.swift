package import JobProtocol
package import ClusterProtocol
import Digests
import Explanations
import Training
import Wire

extension Scheduler {
    /// A rank says that its part of a checkpoint is uploaded. It is answered when the checkpoint is committed.
    package mutating func checkpoint(
        _ commit: CheckpointCommit, from name: String, request: RequestID, at now: Moment
    ) -> [Action] {
        guard let job = job(commit.job), let generation = job.running, generation.number == commit.generation,
            generation.rank(of: name) == commit.rank
        else {
            return [.answer(request, .failure(Self.notCurrent(commit.job, commit.generation, commit.rank)))]
        }
        if commit.checkpoint == job.checkpoint {
            return [.answer(request, .acknowledgement)]
        }
        var round =
            generation.round
            ?? CheckpointRound(
                commit, world: generation.members.count, deadline: now.instant + policy.checkpointTimeout)
        let outcome = round.add(commit, request: request)
        let isStoring = round.isStoring
        if outcome == .complete { round.isStoring = true }
        changeGeneration(job.id) { $0.round = round }
        switch outcome {
        case .waiting: break
        case .complete:
            if !isStoring { actions.append(.storeCheckpoint(round.upload)) }
        case .diverged(let text):
            fail(job.id, reason: text, at: now)
            schedule(at: now)
        }
        return drain()
    }

    /// The files of a checkpoint on which all ranks agreed are verified and permanent, or are not.
    package mutating func checkpointStored(
        _ upload: CheckpointUpload, failure: String?, at now: Moment
    ) -> [Action] {
        guard let job = job(upload.job), let generation = job.running, generation.number == upload.generation,
            let round = generation.round, round.isStoring, round.upload == upload
        else { return [] }
        let progress = upload.checkpoint.progress
        if let failure {
            fail(job.id, reason: "the checkpoint of step \(progress.step) was not stored: \(failure)", at: now)
            schedule(at: now)
            return drain()
        }
        change(job.id) {
            $0.checkpoint = upload.checkpoint
            $0.curve = $0.curve.continued(by: round.curve).thinned()
            $0.failures = 0
            $0.workersWithoutRoom = []
        }
        changeGeneration(job.id) { $0.round = nil }
        save(job.id)
        for request in round.requests.sorted(by: { $0.key < $1.key }) {
            actions.append(.answer(request.value, .acknowledgement))
        }
        log(
            .info, "checkpoint committed", job: job.id,
            ["step": "\(progress.step)", "epoch": "\(progress.epoch)", "digest": upload.checkpoint.model.short])
        return drain()
    }

    /// What storing these files once more takes; nothing when nobody waits for them any more.
    package func again(_ upload: CheckpointUpload) -> [Action] {
        guard let generation = job(upload.job)?.running, generation.number == upload.generation,
            let round = generation.round, round.isStoring, round.upload == upload
        else { return [] }
        return [.storeCheckpoint(upload)]
    }

    package mutating func progressed(_ report: ProgressReport, from name: String) {
        guard let generation = job(report.job)?.running, generation.number == report.generation,
            generation.rank(of: name) == 0
        else { return }
        change(report.job) { $0.progress = report }
    }

    /// Some ranks said that a checkpoint is complete, the others are silent though alive.
    mutating func abandon(_ round: CheckpointRound, of id: String, world: Int) {
        changeGeneration(id) { $0.round = nil }
        let text =
            "only \(round.requests.count) of \(counted(world, "rank")) said that the checkpoint of step \(round.step) is "
            + "complete within \(policy.checkpointTimeout.inSeconds)"
        for request in round.requests.sorted(by: { $0.key < $1.key }) {
            actions.append(.answer(request.value, .failure(Failure(.deadlineExceeded, text))))
        }
        log(.warning, "checkpoint abandoned", job: id, ["step": "\(round.step)", "reason": text])
    }

    static func notCurrent(_ job: String, _ generation: UInt64, _ rank: Int) -> Failure {
        Failure(
            .failedPrecondition,
            "the caller is not rank \(rank) of generation \(generation) of \(job), or that generation is over")
    }
}
