package import ClusterProtocol
import JobProtocol
import Wire

extension ControlPlane {
    /// Lets an event happen. Everything that the plane becomes and wants done follows from the event and the moment.
    package mutating func handle(_ event: Event, at now: Moment, into effects: inout Effects) {
        accounting(into: &effects) { plane, effects in plane.take(event, at: now, into: &effects) }
    }

    private mutating func take(_ event: Event, at now: Moment, into effects: inout Effects) {
        switch event {
        case .started:
            scheduler.start(at: now, into: &effects)
            deployment.start(into: &effects)
        case .stopping: scheduler.stop(into: &effects)
        // Nobody is blamed for the time in which the coordinator could not listen.
        case .stalled(let stall): membership.excuse(stall, at: now)
        case .due(let part): advance(part, to: now, into: &effects)

        case .joined(let join, let version, let peer, let request):
            self.join(join, protocolVersion: version, from: peer, request: request, at: now, into: &effects)
        case .heartbeat(let heartbeat, let report, let peer, let request):
            self.heartbeat(heartbeat, report: report, from: peer, request: request, at: now, into: &effects)

        case .progressed(let report, let name, let request):
            scheduler.progressed(report, from: name)
            effects.answer(request, .acknowledgement)
        case .checkpoint(let commit, let name, let request):
            scheduler.checkpoint(commit, from: name, request: request, at: now, into: &effects)
        case .traced(let report, let name, let request):
            scheduler.traced(report, from: name, request: request, into: &effects)
        case .finished(let report, let name, let request):
            scheduler.finished(report, from: name, request: request, at: now, into: &effects)
        case .generationFailed(let report, let name, let request):
            scheduler.generationFailed(report, from: name, request: request, at: now, into: &effects)
        case .rankReady(let ready, let name, let request):
            scheduler.rankReady(ready, from: name, request: request, at: now, into: &effects)
        case .rankPrinted(let output, let name, let request):
            scheduler.rankPrinted(output, from: name, request: request, into: &effects)
        case .rankEnded(let ended, let name, let request):
            scheduler.rankEnded(ended, from: name, request: request, at: now, into: &effects)

        case .replicaReported(let replica, let name, let request):
            effects.answer(request, .acknowledgement)
            deployment.replicaReported(name, replica, at: now, into: &effects)
        case .routed(let taken, let name, let request):
            effects.answer(request, .acknowledgement)
            deployment.gatewayReported(name, taken, at: now, into: &effects)

        case .submit(let call, _, let request): submit(call, request: request, at: now, into: &effects)
        case .cancel(let job, _, let request): cancel(job, request: request, at: now, into: &effects)
        case .halt(let job, _, let request): halt(job, request: request, at: now, into: &effects)
        case .launch(let call, _, let request):
            scheduler.submit(call, request: request, at: now, into: &effects)
        case .cancelLaunch(let id, _, let request): cancelLaunch(id, request: request, at: now, into: &effects)
        case .promote(let call, let name, let request):
            deployment.promote(call, by: name, request: request, at: now, into: &effects)
        case .rollBack(let call, let name, let request):
            deployment.rollback(call, by: name, request: request, at: now, into: &effects)
        case .deleteModel(let call, let name, let request):
            delete(call, by: name, request: request, at: now, into: &effects)
        case .deleteAlias(let call, let name, let request):
            deployment.delete(call, by: name, request: request, at: now, into: &effects)

        case .orderAnswered(let order, let node, let incarnation, let outcome):
            orderAnswered(order, node: node, incarnation: incarnation, outcome: outcome, at: now, into: &effects)
        case .prepared(let job, let plan, let start):
            prepared(job, plan: plan, start: start, at: now, into: &effects)
        case .preparationFailed(let job, let reason):
            scheduler.preparationFailed(job, reason: reason, at: now, into: &effects)
        case .preparationDied(let job, let reason):
            scheduler.preparationDied(job, reason: reason, at: now, into: &effects)
        case .preparationFoundNoRoom(let job): scheduler.prepareAgain(job, at: now, into: &effects)
        case .checkpointStored(let upload): checkpointStored(upload, failure: nil, at: now, into: &effects)
        case .checkpointRefused(let upload, let reason):
            checkpointStored(upload, failure: reason, at: now, into: &effects)
        case .checkpointFoundNoRoom(let upload): scheduler.checkpointFoundNoRoom(upload, into: &effects)
        case .manifestStored(let manifest, let digest, let job, let generation):
            manifestStored(
                manifest, digest: digest, job: job, generation: generation, at: now, into: &effects)
        case .manifestRefused(let job, let generation, let reason, let permanent):
            scheduler.registrationFailed(
                job, generation: generation, reason: reason, permanent: permanent, at: now, into: &effects)
        case .manifestFoundNoRoom(let job, let generation):
            scheduler.manifestFoundNoRoom(job, generation: generation, at: now, into: &effects)
        }
    }

    private mutating func advance(_ part: Event.Overdue, to now: Moment, into effects: inout Effects) {
        switch part {
        case .members: follow(membership.advance(to: now), at: now, into: &effects)
        case .jobs: scheduler.advance(to: now, into: &effects)
        case .models: deployment.advance(to: now, into: &effects)
        }
    }
}
