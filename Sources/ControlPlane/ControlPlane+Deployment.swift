import ClusterProtocol
import JobProtocol
import Wire

extension ControlPlane {
    mutating func delete(
        _ call: DeleteModel, by operatorName: String, request: RequestID, at now: Moment,
        into effects: inout Effects
    ) {
        let bases = scheduler.jobs.compactMap { job in job.start?.manifest.map { (job.id, $0) } }
        deployment.delete(
            call, bases: Dictionary(uniqueKeysWithValues: bases), by: operatorName, request: request, at: now,
            into: &effects)
    }

    mutating func orderAnswered(
        _ order: Order.Subject, node: String, incarnation: UInt64, outcome: OrderOutcome, at now: Moment,
        into effects: inout Effects
    ) {
        if let problem = outcome.problem {
            effects.log(.warning, "order not taken", ["node": node, "order": order.kind.rawValue, "reason": problem])
        }
        switch order {
        case .assign(let job, let generation):
            scheduler.assignmentAnswered(
                node, job: job, generation: generation, failure: outcome.problem, at: now, into: &effects)
        case .launch(let launch, let generation), .roster(let launch, let generation):
            scheduler.launchOrderAnswered(
                node, launch: launch, generation: generation, failure: outcome.problem, at: now, into: &effects)
        case .stop: break  // Heard is not left: the worker says in its reports when it is free.
        case .load(let load):
            // Neither no answer nor a full queue is a verdict on the version: the node is asked again, or found dead.
            if let verdict = outcome.verdict {
                deployment.loadRefused(
                    node, incarnation: incarnation, load, reason: verdict.message, at: now, into: &effects)
            }
        case .unload(let unload):
            if outcome == .acknowledged {
                deployment.unloaded(node, incarnation: incarnation, unload, at: now, into: &effects)
            }
        }
    }
}
