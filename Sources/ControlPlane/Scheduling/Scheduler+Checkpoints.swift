package import JobProtocol
package import ClusterProtocol
import Digests
import Explanations
import Training
import Wire

extension Scheduler {
    /// A rank says that its part of a checkpoint is uploaded. It is answered when the checkpoint is committed.
    package mutating func checkpoint(
        _ commit: CheckpointCommit, from name: String, request: RequestID, at now: Moment, into effects: inout Effects
    ) {
        guard let job = job(commit.job), let generation = job.running, generation.number == commit.generation,
            generation.rank(of: name) == commit.rank
        else {
            return effects.answer(request, .failure(Self.notCurrent(commit.job, commit.generation, commit.rank)))
        }
        if commit.checkpoint == job.checkpoint {
            return effects.answer(request, .acknowledgement)
        }
        var round =
            generation.round
            ?? CheckpointRound(
                commit, world: generation.members.count, deadline: now.instant + policy.checkpointTimeout)
        if let earlier = round.requests[commit.rank] { effects.answer(earlier, .failure(Self.askedAgain)) }
        let outcome = round.add(commit, request: request)
        let isStoring = round.isStoring
        if outcome == .complete { round.isStoring = true }
        changeGeneration(job.id) { $0.round = round }
        switch outcome {
        case .waiting: break
        case .complete:
            if !isStoring { effects.act(.storeCheckpoint(round.upload)) }
        case .diverged(let text):
            fail(job.id, reason: text, at: now, into: &effects)
            schedule(at: now, into: &effects)
        }
    }

    /// The files of a checkpoint on which all ranks agreed are verified and permanent, or are not.
    ///
    /// Returns whether anyone waited for it; if not, nothing refers to the files.
    @discardableResult
    package mutating func checkpointStored(
        _ upload: CheckpointUpload, failure: String?, at now: Moment, into effects: inout Effects
    ) -> Bool {
        guard let job = job(upload.job), let generation = job.running, generation.number == upload.generation,
            let round = generation.round, round.isStoring, round.upload == upload
        else { return false }
        let progress = upload.checkpoint.progress
        if let failure {
            fail(
                job.id, reason: "the checkpoint of step \(progress.step) was not stored: \(failure)", at: now,
                into: &effects)
            schedule(at: now, into: &effects)
            return true
        }
        change(job.id) {
            $0.checkpoint = upload.checkpoint
            $0.curve = $0.curve.continued(by: round.curve).thinned()
            $0.failures = 0
            $0.workersWithoutRoom = []
        }
        changeGeneration(job.id) { $0.round = nil }
        save(job.id, into: &effects)
        for request in round.requests.sorted(by: { $0.key < $1.key }) {
            effects.answer(request.value, .acknowledgement)
        }
        log(
            .info, "checkpoint committed", job: job.id,
            ["step": "\(progress.step)", "epoch": "\(progress.epoch)", "digest": upload.checkpoint.model.short],
            into: &effects)
        return true
    }

    /// The disk did not take the files: they are stored once more, unless nobody waits for them any more.
    package func checkpointFoundNoRoom(_ upload: CheckpointUpload, into effects: inout Effects) {
        guard let generation = job(upload.job)?.running, generation.number == upload.generation,
            let round = generation.round, round.isStoring, round.upload == upload
        else { return }
        effects.act(.storeCheckpoint(upload))
    }

    package mutating func progressed(_ report: ProgressReport, from name: String) {
        guard let generation = job(report.job)?.running, generation.number == report.generation,
            generation.rank(of: name) == 0
        else { return }
        change(report.job) { $0.progress = report }
    }

    /// Some ranks said that a checkpoint is complete, the others are silent though alive.
    mutating func abandon(_ round: CheckpointRound, of id: String, world: Int, into effects: inout Effects) {
        changeGeneration(id) { $0.round = nil }
        let text =
            "only \(round.requests.count) of \(counted(world, "rank")) said that the checkpoint of step \(round.step) is "
            + "complete within \(policy.checkpointTimeout.inSeconds)"
        for request in round.requests.sorted(by: { $0.key < $1.key }) {
            effects.answer(request.value, .failure(Failure(.deadlineExceeded, text)))
        }
        log(.warning, "checkpoint abandoned", job: id, ["step": "\(round.step)", "reason": text], into: &effects)
    }

    /// Of a request whose asker has given it up and asked again.
    static let askedAgain = Failure(.unavailable, "the same was asked again meanwhile, and that is answered")

    static func notCurrent(_ job: String, _ generation: UInt64, _ rank: Int) -> Failure {
        Failure(
            .failedPrecondition,
            "the caller is not rank \(rank) of generation \(generation) of \(job), or that generation is over")
    }
}
