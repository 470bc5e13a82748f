package import ClusterProtocol
import Checkpoints
import Wire

extension Deployment {
    package mutating func gatewayJoined(_ name: String, at now: Moment, into effects: inout Effects) {
        gateways[name] = RoutedGateway(sent: now.instant)
        effects.act(.publish(routing, gateways: [name]))
    }

    package mutating func gatewayDied(_ name: String, at now: Moment, into effects: inout Effects) {
        gateways[name] = nil
        settle(at: now, into: &effects)
    }

    /// A gateway says by which table it routes, once it has taken one over and with every heartbeat. One that has
    /// missed a table gets it again.
    package mutating func gatewayReported(
        _ name: String, _ taken: RoutingPosition, at now: Moment, into effects: inout Effects
    ) {
        guard let gateway = gateways[name] else { return }
        gateways[name]?.taken = taken
        if taken != routing.position, now.instant >= gateway.sent + .seconds(1) {
            gateways[name]?.sent = now.instant
            effects.act(.publish(routing, gateways: [name]))
        }
        settle(at: now, into: &effects)
    }

    /// Has the operator answered when every living gateway routes by the table that is now the newest, or after a
    /// while, with the names of those that do not.
    mutating func awaitGateways(_ request: RequestID, _ outcome: Rollout.Outcome, at now: Moment) {
        rollouts.append(
            Rollout(
                request: request, outcome: outcome, epoch: routing.epoch,
                deadline: now.instant + policy.gatewayTimeout))
    }

    mutating func answerRollouts(at now: Moment, into effects: inout Effects) {
        var waiting: [Rollout] = []
        for rollout in rollouts {
            let behind = gateways.filter { !$1.routes(by: rollout.epoch, of: routing.source) }.keys.sorted()
            guard behind.isEmpty || now.instant >= rollout.deadline else {
                waiting.append(rollout)
                continue
            }
            effects.answer(rollout.request, rollout.answer(behind: behind))
            if !behind.isEmpty {
                effects.log(
                    .warning, "gateways do not route by the table yet",
                    ["gateways": behind.joined(separator: ", "), "epoch": "\(rollout.epoch)"])
            }
        }
        rollouts = waiting
    }

    /// Numbers, stores and sends the routing table if it is no longer the one that was sent last.
    mutating func publish(at now: Moment, into effects: inout Effects) {
        let models = routes()
        guard models != routing.models else { return }
        routing.epoch += 1
        routing.models = models
        for name in gateways.keys { gateways[name]?.sent = now.instant }
        effects.save(.routing(routing))
        effects.act(.publish(routing, gateways: gateways.keys.sorted()))
    }

    func readyNodes(of key: ReplicaKey) -> [RoutingTable.Node] {
        guard let version = registry.version(key) else { return [] }
        return nodes.values.filter { $0.isReady(key, manifest: version.manifest) }
            .sorted { $0.name < $1.name }
            .map { RoutingTable.Node(name: $0.name, endpoint: $0.endpoint) }
    }

    /// What can be asked for: the versions that aliases stand for, and those they stood for before.
    private func routes() -> [RoutingTable.Route] {
        registry.wanted.sorted { ($0.model, $0.version) < ($1.model, $1.version) }.compactMap { key in
            Self.route(to: key, in: registry, nodes: readyNodes(of: key))
        }
    }

    static func route(to key: ReplicaKey, in registry: Registry, nodes: [RoutingTable.Node]) -> RoutingTable.Route? {
        guard let version = registry.version(key) else { return nil }
        let aliases = registry.aliases.values.filter { $0.name == key.model && $0.version == key.version }
        return RoutingTable.Route(
            model: key.model, version: key.version, aliases: aliases.map(\.alias).sorted(),
            digest: version.manifest, interface: version.details.interface, nodes: nodes)
    }
}
