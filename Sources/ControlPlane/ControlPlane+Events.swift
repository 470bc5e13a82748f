package import ClusterProtocol

extension ControlPlane {
    /// Lets an event happen. The shell does so on a copy, stores the changes, and only then lets the copy take the place
    /// of the original and carries out the actions: so an event either is durable and has its effects, or has not
    /// happened.
    package mutating func handle(_ event: Event, at now: Moment, into effects: inout Effects) {
        for action in actions(of: event, at: now) {
            if case .save(let change) = action {
                effects.changes.append(change)
            } else {
                effects.actions.append(action)
            }
        }
    }

    private mutating func actions(of event: Event, at now: Moment) -> [Action] {
        switch event {
        case .started: start(at: now)
        case .stopping: stop()
        case .stalled(let stall): excuse(stall, at: now)
        case .due(let overdue): advance(overdue, to: now)
        case .joined, .heartbeat, .replicaReported, .routed: actions(ofNode: event, at: now)
        case .progressed, .checkpoint, .traced, .finished, .generationFailed, .rankReady, .rankPrinted, .rankEnded:
            actions(ofWorker: event, at: now)
        case .submit, .cancel, .halt, .launch, .cancelLaunch, .promote, .rollBack, .deleteModel, .deleteAlias:
            actions(ofOperator: event, at: now)
        case .orderAnswered, .prepared, .preparationFailed, .preparationDied, .preparationFoundNoRoom,
            .checkpointStored, .checkpointRefused, .checkpointFoundNoRoom, .manifestStored, .manifestRefused,
            .manifestFoundNoRoom:
            actions(ofCompletion: event, at: now)
        }
    }

    private mutating func actions(ofNode event: Event, at now: Moment) -> [Action] {
        switch event {
        case .joined(let join, let version, let peer, let request):
            self.join(join, protocolVersion: version, from: peer, request: request, at: now)
        case .heartbeat(let heartbeat, let report, let peer, let request):
            self.heartbeat(heartbeat, report: report, from: peer, request: request, at: now)
        case .replicaReported(let replica, let name, let request):
            [.answer(request, .acknowledgement)] + replicaReported(replica, from: name, at: now)
        case .routed(let position, let name, let request):
            [.answer(request, .acknowledgement)] + routed(position, by: name, at: now)
        default: []
        }
    }

    private mutating func actions(ofWorker event: Event, at now: Moment) -> [Action] {
        switch event {
        case .progressed(let report, let name, let request):
            progressed(report, from: name, request: request)
        case .checkpoint(let commit, let name, let request):
            checkpoint(commit, from: name, request: request, at: now)
        case .traced(let report, let name, let request): traced(report, from: name, request: request)
        case .finished(let report, let name, let request): finished(report, from: name, request: request, at: now)
        case .generationFailed(let report, let name, let request):
            generationFailed(report, from: name, request: request, at: now)
        case .rankReady(let ready, let name, let request): rankReady(ready, from: name, request: request, at: now)
        case .rankPrinted(let output, let name, let request): rankPrinted(output, from: name, request: request)
        case .rankEnded(let ended, let name, let request): rankEnded(ended, from: name, request: request, at: now)
        default: []
        }
    }

    private mutating func actions(ofOperator event: Event, at now: Moment) -> [Action] {
        switch event {
        case .submit(let call, _, let request): submit(call, request: request, at: now)
        case .cancel(let job, _, let request): cancel(job, request: request, at: now) ?? []
        case .halt(let job, _, let request): halt(job, request: request, at: now)
        case .launch(let call, _, let request): submit(call, request: request, at: now)
        case .cancelLaunch(let launch, _, let request): cancelLaunch(launch, request: request, at: now) ?? []
        case .promote(let call, let name, let request): promote(call, by: name, request: request, at: now)
        case .rollBack(let call, let name, let request): rollback(call, by: name, request: request, at: now)
        case .deleteModel(let call, let name, let request): delete(call, by: name, request: request, at: now)
        case .deleteAlias(let call, let name, let request): delete(call, by: name, request: request, at: now)
        default: []
        }
    }

    private mutating func actions(ofCompletion event: Event, at now: Moment) -> [Action] {
        switch event {
        case .orderAnswered(let order, let node, let incarnation, let outcome):
            orderAnswered(order, node: node, incarnation: incarnation, outcome: outcome, at: now)
        case .prepared(let job, let plan, let start): prepared(job, plan: plan, start: start, at: now)
        case .preparationFailed(let job, let reason): preparationFailed(job, reason: reason, at: now)
        case .preparationDied(let job, let reason): preparationDied(job, reason: reason, at: now)
        case .preparationFoundNoRoom(let job): prepareAgain(job, at: now)
        case .checkpointStored(let upload): checkpointStored(upload, failure: nil, at: now)
        case .checkpointRefused(let upload, let reason): checkpointStored(upload, failure: reason, at: now)
        case .checkpointFoundNoRoom(let upload): scheduler.again(upload)
        case .manifestStored(let manifest, let digest, let job, let generation):
            manifestStored(manifest, digest: digest, job: job, generation: generation, at: now)
        case .manifestRefused(let job, let generation, let reason, let permanent):
            manifestFailed(job: job, generation: generation, reason: reason, permanent: permanent, at: now)
        case .manifestFoundNoRoom(let manifest, let job, let generation):
            scheduler.again(manifest, job: job, generation: generation)
        default: []
        }
    }
}
