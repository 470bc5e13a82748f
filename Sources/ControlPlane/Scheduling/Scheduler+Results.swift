package import JobProtocol
package import ClusterProtocol
package import Checkpoints
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
        _ finished: GenerationFinished, from name: String, request: RequestID, at now: Moment
    ) -> [Action] {
        guard let job = job(finished.job), let generation = job.running, generation.number == finished.generation,
            let plan = job.plan
        else { return [.answer(request, .acknowledgement)] }
        guard generation.rank(of: name) == 0 else {
            return [.answer(request, .failure(Self.notCurrent(finished.job, finished.generation, 0)))]
        }
        let isRepeated = generation.finishing != nil
        changeGeneration(job.id) { $0.finishing = Generation.Finishing(result: finished, request: request) }
        if !isRepeated {
            do {
                let manifest = try Manifest(of: job, plan: plan, result: finished.result)
                actions.append(.storeManifest(job: job.id, generation: generation.number, manifest))
            } catch {
                fail(job.id, reason: "the manifest cannot be written: \(error.explanation)", permanent: true, at: now)
                schedule(at: now)
            }
        }
        return drain()
    }

    /// What storing this manifest once more takes; nothing when nobody waits for it any more.
    package func again(_ manifest: Manifest, job id: String, generation number: UInt64) -> [Action] {
        guard let generation = job(id)?.running, generation.number == number, generation.finishing != nil
        else { return [] }
        return [.storeManifest(job: id, generation: number, manifest)]
    }

    /// Rank 0 sends what the workers did when. Acknowledged in any case; kept only if it was asked for.
    package mutating func traced(_ report: TraceReport, from name: String, request: RequestID) -> [Action] {
        actions.append(.answer(request, .acknowledgement))
        if let job = job(report.job), job.profile, let generation = job.running,
            generation.number == report.generation, generation.rank(of: name) == 0
        {
            actions.append(.save(.trace(report.trace, job: job.id)))
        }
        return drain()
    }

    /// The result of a generation is registered as `version`.
    package mutating func registered(
        _ id: String, generation number: UInt64, version: Int, at now: Moment
    ) -> [Action] {
        guard let job = job(id), let generation = job.running, generation.number == number,
            let finishing = generation.finishing
        else { return [] }
        let patience = now.instant + policy.stopTimeout
        for member in generation.members where workers[member.name]?.isAssigned(to: id, generation: number) == true {
            workers[member.name]?.state = .leaving(job: id, generation: number, patience: patience)
        }
        actions.append(.discardUploads(job: id, generation: number))
        let result = finishing.result.result
        end(
            id, as: .finished, detail: "made \(job.specification.name):\(version), stopped by \(result.stopped)",
            at: now, version: version, result: result)
        if let request = finishing.request { actions.append(.answer(request, .acknowledgement)) }
        schedule(at: now)
        return drain()
    }

    /// The result could not be registered.
    package mutating func registrationFailed(
        _ id: String, generation number: UInt64, reason: String, permanent: Bool = false, at now: Moment
    ) -> [Action] {
        guard let generation = job(id)?.running, generation.number == number, generation.finishing != nil
        else { return [] }
        fail(id, reason: "the result was not registered: \(reason)", permanent: permanent, at: now)
        schedule(at: now)
        return drain()
    }

    /// A rank cannot go on. Acknowledged in any case; only the first word of a running generation has an effect.
    package mutating func generationFailed(
        _ report: GenerationFailed, from name: String, request: RequestID, at now: Moment
    ) -> [Action] {
        actions.append(.answer(request, .acknowledgement))
        if let generation = job(report.job)?.running, generation.number == report.generation,
            generation.rank(of: name) == report.rank, generation.finishing == nil
        {
            if report.noRoom == true {
                pauseForRoom(report.job, on: name, reason: report.reason, at: now)
            } else {
                fail(
                    report.job, reason: "\(name) (rank \(report.rank)): \(report.reason)",
                    permanent: report.permanent, at: now)
            }
            schedule(at: now)
        }
        return drain()
    }
}
