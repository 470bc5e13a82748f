import Checkpoints
import ClusterProtocol
import Datasets
import Digests
import JobProtocol
import NeuralNetworks
import Training
import Wire

extension ControlPlane {
    mutating func submit(
        _ call: SubmitJob, request: RequestID, at now: Moment, into effects: inout Effects
    ) {
        do throws(Failure) {
            let start = try deployment.startingPoint(call.specification.model.base)
            scheduler.submit(
                call.specification, source: call.source, warnings: call.warnings, profile: call.profile,
                start: start, request: request, at: now, into: &effects)
        } catch {
            effects.answer(request, .failure(error))
        }
    }

    mutating func cancel(_ id: String, request: RequestID, at now: Moment, into effects: inout Effects) {
        if !scheduler.cancel(id, request: request, at: now, into: &effects) {
            effects.answer(request, .failure(Self.notActive(id)))
        }
    }

    /// Ends what a job does until `cancel` can be stored.
    mutating func halt(_ id: String, request: RequestID, at now: Moment, into effects: inout Effects) {
        if !scheduler.halt(id, request: request, at: now, into: &effects) {
            effects.answer(request, .failure(Self.notActive(id)))
        }
    }

    private static func notActive(_ id: String) -> Failure {
        Failure(.failedPrecondition, "\(id) is over already, or never was")
    }

    mutating func prepared(
        _ job: String, plan: DataPlan, start: StartingPoint?, at now: Moment, into effects: inout Effects
    ) {
        if scheduler.job(job) == nil {
            released.formUnion(plan.shardDigests)
            if let start { released.insert(start.model) }
        }
        scheduler.prepared(job, plan: plan, start: start, at: now, into: &effects)
    }

    mutating func checkpointStored(
        _ upload: CheckpointUpload, failure: String?, at now: Moment, into effects: inout Effects
    ) {
        if !scheduler.checkpointStored(upload, failure: failure, at: now, into: &effects) {
            // Its generation ended meanwhile, so nothing refers to the files.
            released.formUnion([
                upload.checkpoint.model, upload.checkpoint.optimizer, upload.checkpoint.best,
            ])
        }
    }

    /// The manifest of a job's result is in the store under `digest`: the version is registered and the job finished,
    /// in one transaction.
    mutating func manifestStored(
        _ manifest: Manifest, digest: ContentDigest, job id: String, generation: UInt64, at now: Moment,
        into effects: inout Effects
    ) {
        guard let job = scheduler.job(id), job.running?.number == generation,
            let finishing = job.running?.finishing
        else {
            released.insert(digest)
            return
        }
        // Not by the manifest, which cannot tell figures without end from those that are no numbers.
        let gate = ModelStatus.GateResult(
            of: finishing.result.result.metrics, gate: job.specification.evaluate.gate)
        let version = deployment.registry.register(manifest, digest: digest, gate: gate, at: now)
        effects.save(.version(version))
        scheduler.registered(id, generation: generation, version: version.version, at: now, into: &effects)
    }
}
