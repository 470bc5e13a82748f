package import JobProtocol
package import ClusterProtocol
import Foundation
import Wire

extension Deployment {
    /// Begins a promotion; it is answered when it is over.
    package mutating func promote(
        _ call: PromoteVersion, by operatorName: String, request: RequestID, at now: Moment, into effects: inout Effects
    ) {
        do throws(Failure) {
            let version = try promotable(call)
            let alias = AliasKey(call.name, call.alias)
            if registry.aliases[alias]?.version == call.version {
                awaitGateways(request, .promotion(outcome(of: alias, unchanged: true)), at: now)
            } else {
                try checkTable(letting: alias, standFor: call.version)
                let promotion = Promotion(
                    candidate: ReplicaKey(call.name, call.version), alias: alias, operatorName: operatorName,
                    forced: !version.gate.passed, reason: call.reason, request: request,
                    deadline: now.instant + policy.promotionTimeout)
                promotions[alias] = promotion
                retryFailedLoads(of: promotion.candidate)
                effects.log(
                    .info, "promotion begun",
                    ["model": promotion.candidate.description, "alias": alias.alias, "operator": operatorName])
            }
        } catch {
            effects.answer(request, .failure(error))
        }
        settle(at: now, into: &effects)
    }

    /// Lets an alias stand for its previous version again, at once: that version is still loaded. A promotion under
    /// way for the alias is called off. Rolling back twice comes back to where it began.
    package mutating func rollback(
        _ call: RollBackAlias, by operatorName: String, request: RequestID, at now: Moment, into effects: inout Effects
    ) {
        do throws(Failure) {
            let alias = AliasKey(call.name, call.alias)
            let previous = try rollbackTarget(of: alias)
            if promotions[alias] != nil {
                refuse(
                    alias, Failure(.cancelled, "called off: \(alias) was rolled back by \(operatorName)"),
                    into: &effects)
            }
            flip(
                alias, to: previous.version, kind: .rollback, by: operatorName, forced: false, reason: "",
                request: request, at: now, into: &effects)
        } catch {
            effects.answer(request, .failure(error))
        }
        settle(at: now, into: &effects)
    }

    /// Ends the promotions of which the end is known: all living nodes are ready, one could not load the version, or
    /// it took too long.
    mutating func conclude(at now: Moment, into effects: inout Effects) {
        for promotion in promotions.values.sorted(by: { $0.alias.description < $1.alias.description }) {
            guard let version = registry.version(promotion.candidate) else { continue }
            let nodes = nodes.values.sorted { $0.name < $1.name }
            let failed = nodes.compactMap { node -> String? in
                // A failure that was known when the load was ordered says nothing of this try.
                guard let replica = node.replicas[promotion.candidate], replica.state == .failed,
                    let asked = node.asked[promotion.candidate], asked.before != replica
                else { return nil }
                return "\(node.name): \(replica.reason)"
            }
            let unready = nodes.filter { !$0.isReady(promotion.candidate, manifest: version.manifest) }.map(\.name)
            if !failed.isEmpty {
                refuse(
                    promotion.alias,
                    Failure(
                        .failedPrecondition,
                        "\(promotion.candidate) was not promoted, nodes could not load it: "
                            + failed.joined(separator: "; ")), into: &effects)
            } else if unready.isEmpty, !nodes.isEmpty {
                do throws(Failure) {
                    // Others may have taken the room meanwhile.
                    try checkTable(letting: promotion.alias, standFor: promotion.candidate.version)
                } catch {
                    refuse(promotion.alias, error, into: &effects)
                    continue
                }
                promotions[promotion.alias] = nil
                flip(
                    promotion.alias, to: promotion.candidate.version, kind: .promotion, by: promotion.operatorName,
                    forced: promotion.forced, reason: promotion.reason, request: promotion.request, at: now,
                    into: &effects)
            } else if now.instant >= promotion.deadline {
                let waitsFor =
                    nodes.isEmpty ? "no inference node is alive" : "not ready: \(unready.joined(separator: ", "))"
                refuse(
                    promotion.alias,
                    Failure(
                        .deadlineExceeded,
                        "\(promotion.candidate) was not promoted within \(policy.promotionTimeout.inSeconds): "
                            + waitsFor), into: &effects)
            }
        }
    }

    private mutating func refuse(_ alias: AliasKey, _ failure: Failure, into effects: inout Effects) {
        guard let promotion = promotions.removeValue(forKey: alias) else { return }
        effects.answer(promotion.request, .failure(failure))
        effects.log(
            .warning, "promotion refused",
            ["model": promotion.candidate.description, "alias": alias.alias, "reason": failure.message])
    }

    private mutating func flip(
        _ key: AliasKey, to version: Int, kind: StoredPromotion.Kind, by operatorName: String, forced: Bool,
        reason: String, request: RequestID, at now: Moment, into effects: inout Effects
    ) {
        let alias = registry.flip(key, to: version)
        publish(at: now, into: &effects)
        effects.save(.alias(alias))
        effects.save(
            .promotion(
                StoredPromotion(
                    kind: kind, name: key.model, alias: key.alias, version: version, previous: alias.previous,
                    operatorName: operatorName, forced: forced, reason: reason, date: now.date,
                    routingEpoch: routing.epoch)))
        awaitGateways(request, .promotion(outcome(of: key)), at: now)
        var details = ["model": "\(key.model):\(version)", "alias": key.alias, "operator": operatorName]
        if forced { details["forced"] = reason }
        effects.log(.info, kind == .promotion ? "promoted" : "rolled back", details)
    }

    private func outcome(of key: AliasKey, unchanged: Bool? = nil) -> PromotionOutcome {
        let alias = registry.aliases[key]
        return PromotionOutcome(
            name: key.model, alias: key.alias, version: alias?.version ?? 0, previous: alias?.previous,
            replicas: readyNodes(of: ReplicaKey(key.model, alias?.version ?? 0)).map(\.name),
            routingEpoch: routing.epoch, unchanged: unchanged)
    }

    /// An operator who asks again wants it tried again, not to hear of the failure before.
    private mutating func retryFailedLoads(of key: ReplicaKey) {
        for name in nodes.keys { nodes[name]?.asked[key] = nil }
    }
}
