package import JobProtocol
package import ClusterProtocol
package import Checkpoints
package import Datasets
package import Digests
import NeuralNetworks
import Training
import Wire

extension ControlPlane {
    package mutating func submit(_ call: SubmitJob, request: RequestID, at now: Moment) -> [Action] {
        let start: StartingPoint?
        do throws(Failure) {
            start = try deployment.startingPoint(call.specification.model.base)
        } catch {
            return [.answer(request, .failure(error))]
        }
        return accounting {
            $0.scheduler.submit(
                call.specification, source: call.source, warnings: call.warnings, profile: call.profile,
                start: start, request: request, at: now)
        }
    }

    /// Nil when no such job is active.
    package mutating func cancel(_ id: String, request: RequestID, at now: Moment) -> [Action]? {
        guard scheduler.job(id) != nil else { return nil }
        return accounting { $0.scheduler.cancel(id, request: request, at: now) ?? [] }
    }

    /// Ends what a job does until `cancel` can be stored.
    package mutating func halt(_ id: String, request: RequestID, at now: Moment) -> [Action] {
        scheduler.halt(id, request: request, at: now)
    }

    package mutating func prepared(
        _ job: String, plan: DataPlan, start: StartingPoint? = nil, at now: Moment
    ) -> [Action] {
        accounting { plane in
            if plane.scheduler.job(job) == nil {
                plane.released.formUnion(plan.shardDigests)
                if let start { plane.released.insert(start.model) }
            }
            return plane.scheduler.prepared(job, plan: plan, start: start, at: now)
        }
    }

    package mutating func prepareAgain(_ job: String, at now: Moment) -> [Action] {
        accounting { $0.scheduler.prepareAgain(job, at: now) }
    }

    package mutating func preparationFailed(_ job: String, reason: String, at now: Moment) -> [Action] {
        accounting { $0.scheduler.preparationFailed(job, reason: reason, at: now) }
    }

    package mutating func preparationDied(_ job: String, reason: String, at now: Moment) -> [Action] {
        accounting { $0.scheduler.preparationDied(job, reason: reason, at: now) }
    }

    package mutating func checkpoint(
        _ commit: CheckpointCommit, from name: String, request: RequestID, at now: Moment
    ) -> [Action] {
        accounting { $0.scheduler.checkpoint(commit, from: name, request: request, at: now) }
    }

    package mutating func checkpointStored(
        _ upload: CheckpointUpload, failure: String?, at now: Moment
    ) -> [Action] {
        accounting { plane in
            let actions = plane.scheduler.checkpointStored(upload, failure: failure, at: now)
            if actions.isEmpty {
                // Its generation ended meanwhile, so nothing refers to the files.
                plane.released.formUnion([
                    upload.checkpoint.model, upload.checkpoint.optimizer, upload.checkpoint.best,
                ])
            }
            return actions
        }
    }

    package mutating func progressed(_ report: ProgressReport, from name: String, request: RequestID) -> [Action] {
        scheduler.progressed(report, from: name)
        return [.answer(request, .acknowledgement)]
    }

    package mutating func finished(
        _ report: GenerationFinished, from name: String, request: RequestID, at now: Moment
    ) -> [Action] {
        accounting { $0.scheduler.finished(report, from: name, request: request, at: now) }
    }

    package mutating func traced(_ report: TraceReport, from name: String, request: RequestID) -> [Action] {
        accounting { $0.scheduler.traced(report, from: name, request: request) }
    }

    package mutating func generationFailed(
        _ report: GenerationFailed, from name: String, request: RequestID, at now: Moment
    ) -> [Action] {
        accounting { $0.scheduler.generationFailed(report, from: name, request: request, at: now) }
    }

    /// The manifest of a job's result is in the store under `digest`: the version is registered and the job finished,
    /// in one transaction.
    package mutating func manifestStored(
        _ manifest: Manifest, digest: ContentDigest, job id: String, generation: UInt64, at now: Moment
    ) -> [Action] {
        accounting { plane in
            guard let job = plane.scheduler.job(id), job.running?.number == generation,
                job.running?.finishing != nil
            else {
                plane.released.insert(digest)
                return []
            }
            let gate = ModelStatus.GateResult(of: manifest.metrics, gate: job.specification.evaluate.gate)
            let version = plane.deployment.registry.register(manifest, digest: digest, gate: gate, at: now)
            return [.save(.version(version))]
                + plane.scheduler.registered(id, generation: generation, version: version.version, at: now)
        }
    }

    package mutating func manifestFailed(
        job: String, generation: UInt64, reason: String, permanent: Bool, at now: Moment
    ) -> [Action] {
        accounting {
            $0.scheduler.registrationFailed(
                job, generation: generation, reason: reason, permanent: permanent, at: now)
        }
    }
}
