import ControlPlane
import ClusterProtocol
import JobProtocol
import Checkpoints
import Explanations
import Logging
import Training
import Wire

extension ControlLoop {
    func carryOut(_ action: Action) {
        switch action {
        case .answer(let request, let answer): self.answer(request, answer)
        case .order(let order, let node, let incarnation): deliver(order, to: node, incarnation: incarnation)
        case .publish(let table, let gateways):
            for name in gateways { publish(table, to: name) }
        case .prepare(let job, let specification, let start): prepare(job, specification, start)
        case .stopPreparation(let job): vault.stopPreparation(job)
        case .storeCheckpoint(let upload): store(upload)
        case .storeManifest(let job, let generation, let manifest):
            store(manifest, job: job, generation: generation)
        case .discardUploads(_, let generation):
            vault.discardUploads(ofGeneration: generation, done: logFailure("uploads not discarded"))
        case .release(let digests):
            vault.remove(digests, done: logFailure("contents not removed"))
        case .log(let entry): log(entry)
        }
    }

    private func deliver(_ order: Order, to node: String, incarnation: UInt64) {
        let peer = plane.membership.living(node, incarnation: incarnation)?.peer
        Task { [correspondence, completions, timeout = configuration.orderTimeout] in
            var outcome = OrderOutcome.unanswered("'\(node)' is no longer a member")
            if let peer { outcome = await correspondence.deliver(order.message, to: peer, timeout: timeout) }
            completions.put(.orderAnswered(order.subject, node: node, incarnation: incarnation, outcome))
        }
    }

    /// A gateway that misses a table is found by its next heartbeat, so failures need no other answer than the log.
    private func publish(_ table: RoutingTable, to name: String) {
        guard let peer = plane.membership.members[name]?.peer else { return }
        Task { [correspondence, logger, timeout = configuration.orderTimeout] in
            let outcome = await correspondence.deliver(table, to: peer, timeout: timeout)
            guard outcome != .acknowledged else { return }
            logger.warning(
                "routing table not delivered",
                metadata: ["node": "\(name)", "epoch": "\(table.epoch)", "reason": "\(outcome.problem ?? "")"])
        }
    }

    private func prepare(_ job: String, _ specification: JobSpecification, _ start: StartingPoint?) {
        vault.prepare(job, specification, start: start) { [completions] result in
            if StorageProblem.isTransient(result) {
                return completions.putLater(.preparationFoundNoRoom(job: job))
            }
            let result = result.flatMap { preparation in
                Result { () throws in
                    try preparation.plan.checkSize()
                    return preparation
                }
            }
            switch result {
            case .success(let preparation):
                completions.put(.prepared(job: job, preparation.plan, preparation.start))
            case .failure(let died as PreparationDied):
                completions.put(.preparationDied(job: job, reason: died.description))
            case .failure(let error):
                completions.put(.preparationFailed(job: job, reason: StorageProblem.words(for: error)))
            }
        }
    }

    /// What the disk does not take is tried again, as long as the generation waits for it.
    private func store(_ upload: CheckpointUpload) {
        vault.commit(upload) { [completions] result in
            if StorageProblem.isTransient(result) {
                return completions.putLater(.checkpointFoundNoRoom(upload))
            }
            if case .failure(let error) = result {
                completions.put(.checkpointRefused(upload, reason: error.explanation))
            } else {
                completions.put(.checkpointStored(upload))
            }
        }
    }

    private func store(_ manifest: Manifest, job: String, generation: UInt64) {
        vault.put(manifest) { [completions] result in
            if StorageProblem.isTransient(result) {
                return completions.putLater(.manifestFoundNoRoom(job: job, generation: generation))
            }
            switch result {
            case .success(let digest):
                completions.put(.manifestStored(manifest.withoutGolden, digest, job: job, generation: generation))
            case .failure(let error):
                completions.put(
                    .manifestRefused(
                        job: job, generation: generation, reason: error.explanation,
                        permanent: error is ManifestError || error is ContentProblem))
            }
        }
    }

    private func logFailure(_ message: Logger.Message) -> @Sendable (Result<Void, any Error>) -> Void {
        { [logger] result in
            if case .failure(let error) = result {
                logger.warning(message, metadata: ["reason": "\(error.explanation)"])
            }
        }
    }

    private func log(_ entry: LogEntry) {
        let level: Logger.Level =
            switch entry.level {
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
        logger.log(
            level: level, "\(entry.message)", metadata: entry.metadata.mapValues { .string($0) })
    }
}
