package import JobProtocol
package import ClusterProtocol
import Wire

extension ControlPlane {
    package mutating func promote(
        _ call: PromoteVersion, by operatorName: String, request: RequestID, at now: Moment
    ) -> [Action] {
        deployment.promote(call, by: operatorName, request: request, at: now)
    }

    package mutating func rollback(
        _ call: RollBackAlias, by operatorName: String, request: RequestID, at now: Moment
    ) -> [Action] {
        deployment.rollback(call, by: operatorName, request: request, at: now)
    }

    package mutating func delete(
        _ call: DeleteModel, by operatorName: String, request: RequestID, at now: Moment
    ) -> [Action] {
        accounting { plane in
            let bases = plane.scheduler.jobs.compactMap { job in job.start?.manifest.map { (job.id, $0) } }
            return plane.deployment.delete(
                call, bases: Dictionary(uniqueKeysWithValues: bases), by: operatorName, request: request, at: now)
        }
    }

    package mutating func delete(
        _ call: DeleteAlias, by operatorName: String, request: RequestID, at now: Moment
    ) -> [Action] {
        deployment.delete(call, by: operatorName, request: request, at: now)
    }

    package mutating func replicaReported(_ replica: ReplicaReport, from name: String, at now: Moment) -> [Action] {
        deployment.replicaReported(name, replica, at: now)
    }

    package mutating func orderAnswered(
        _ order: Order, node: String, incarnation: UInt64, outcome: OrderOutcome, at now: Moment
    ) -> [Action] {
        accounting { plane in
            var actions: [Action] = []
            if let problem = outcome.problem {
                actions.append(
                    .log(
                        LogEntry(
                            .warning, "order not taken",
                            ["node": node, "order": order.kind.rawValue, "reason": problem])))
            }
            switch order {
            case .assign(let assignment):
                actions += plane.scheduler.assignmentAnswered(
                    node, job: assignment.job, generation: assignment.generation, failure: outcome.problem, at: now)
            case .launch(let assignment):
                actions += plane.scheduler.launchOrderAnswered(
                    node, launch: assignment.launch, generation: assignment.generation, failure: outcome.problem,
                    at: now)
            case .roster(let roster):
                actions += plane.scheduler.launchOrderAnswered(
                    node, launch: roster.launch, generation: roster.generation, failure: outcome.problem, at: now)
            case .stop: break  // Heard is not left: the worker says in its reports when it is free.
            case .load(let load):
                // Neither no answer nor a full queue is a verdict on the version: the node is asked again, or found dead.
                if let verdict = outcome.verdict {
                    actions += plane.deployment.loadRefused(
                        node, incarnation: incarnation, load, reason: verdict.message, at: now)
                }
            case .unload(let unload):
                if outcome == .acknowledged {
                    actions += plane.deployment.unloaded(node, incarnation: incarnation, unload, at: now)
                }
            }
            return actions
        }
    }
}
