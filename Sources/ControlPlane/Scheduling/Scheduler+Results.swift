package import JobProtocol
package import ClusterProtocol
import Checkpoints
import Datasets
import Digests
import Explanations
import Training
import Wire

extension Scheduler {
    /// Rank 0 has trained and evaluated. It is answered when the version is registered.
    ///
    /// A generation that is over is acknowledged as well: the rank repeats itself until it is heard, and there is
    /// nothing left for it to do.
    package mutating func finished(
        _ finished: GenerationFinished, from name: String, request: RequestID, at now: Moment,
        into effects: inout Effects
    ) {
        guard let job = job(finished.job), let generation = job.running, generation.number == finished.generation,
            let plan = job.plan
        else { return effects.answer(request, .acknowledgement) }
        guard generation.rank(of: name) == 0 else {
            return effects.answer(request, .failure(Self.notCurrent(finished.job, finished.generation, 0)))
        }
        let isRepeated = generation.finishing != nil
        changeGeneration(job.id) { $0.finishing = Generation.Finishing(result: finished, request: request) }
        if !isRepeated { storeManifest(of: job, generation.number, plan, finished.result, at: now, into: &effects) }
    }

    private mutating func storeManifest(
        of job: Job, _ generation: UInt64, _ plan: DataPlan, _ result: TrainingResult, at now: Moment,
        into effects: inout Effects
    ) {
        do {
            let manifest = try Manifest(of: job, plan: plan, result: result)
            effects.act(.storeManifest(job: job.id, generation: generation, manifest))
        } catch {
            fail(
                job.id, reason: "the manifest cannot be written: \(error.explanation)", permanent: true, at: now,
                into: &effects)
            schedule(at: now, into: &effects)
        }
    }

    /// The disk did not take the manifest of a result: it is stored once more, unless nobody waits for it any more.
    package mutating func manifestFoundNoRoom(
        _ id: String, generation number: UInt64, at now: Moment, into effects: inout Effects
    ) {
        guard let job = job(id), let generation = job.running, generation.number == number,
            let finishing = generation.finishing, let plan = job.plan
        else { return }
        storeManifest(of: job, number, plan, finishing.result.result, at: now, into: &effects)
    }

    /// Rank 0 sends what the workers did when. Acknowledged in any case; kept only if it was asked for.
    package mutating func traced(
        _ report: TraceReport, from name: String, request: RequestID, into effects: inout Effects
    ) {
        effects.answer(request, .acknowledgement)
        if let job = job(report.job), job.profile, let generation = job.running,
            generation.number == report.generation, generation.rank(of: name) == 0
        {
            effects.save(.trace(report.trace, job: job.id))
        }
    }

    /// The result of a generation is registered as `version`.
    package mutating func registered(
        _ id: String, generation number: UInt64, version: Int, at now: Moment, into effects: inout Effects
    ) {
        guard let job = job(id), let generation = job.running, generation.number == number,
            let finishing = generation.finishing
        else { return }
        let patience = now.instant + policy.stopTimeout
        for member in generation.members where workers[member.name]?.isAssigned(to: id, generation: number) == true {
            workers[member.name]?.state = .leaving(job: id, generation: number, patience: patience)
        }
        effects.act(.discardUploads(job: id, generation: number))
        let result = finishing.result.result
        end(
            id, as: .finished, detail: "made \(job.specification.name):\(version), stopped by \(result.stopped)",
            at: now, version: version, result: result, into: &effects)
        if let request = finishing.request { effects.answer(request, .acknowledgement) }
        // A checkpoint of which some ranks spoke is of no use any more.
        for request in generation.round?.requests.sorted(by: { $0.key < $1.key }) ?? [] {
            effects.answer(request.value, .failure(Failure(.cancelled, "\(id) is finished")))
        }
        schedule(at: now, into: &effects)
    }

    /// The result could not be registered.
    package mutating func registrationFailed(
        _ id: String, generation number: UInt64, reason: String, permanent: Bool = false, at now: Moment,
        into effects: inout Effects
    ) {
        guard let generation = job(id)?.running, generation.number == number, generation.finishing != nil
        else { return }
        fail(id, reason: "the result was not registered: \(reason)", permanent: permanent, at: now, into: &effects)
        schedule(at: now, into: &effects)
    }

    /// A rank cannot go on. Acknowledged in any case; only the first word of a running generation has an effect.
    package mutating func generationFailed(
        _ report: GenerationFailed, from name: String, request: RequestID, at now: Moment, into effects: inout Effects
    ) {
        effects.answer(request, .acknowledgement)
        if let generation = job(report.job)?.running, generation.number == report.generation,
            generation.rank(of: name) == report.rank, generation.finishing == nil
        {
            if report.noRoom == true {
                pauseForRoom(report.job, on: name, reason: report.reason, at: now, into: &effects)
            } else {
                fail(
                    report.job, reason: "\(name) (rank \(report.rank)): \(report.reason)",
                    permanent: report.permanent, at: now, into: &effects)
            }
            schedule(at: now, into: &effects)
        }
    }
}
