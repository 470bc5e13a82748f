import Checkpoints
import Wire

extension Deployment {
    package mutating func gatewayJoined(_ name: String, at now: Moment) -> [Action] {
        gateways[name] = now.instant
        return [.publish(routing, gateways: [name])]
    }

    package mutating func gatewayDied(_ name: String) {
        gateways[name] = nil
    }

    /// A gateway that has missed a table gets it again.
    package mutating func gatewayReported(_ name: String, routingEpoch: UInt64, at now: Moment) -> [Action] {
        guard let sent = gateways[name], routingEpoch != routing.epoch, now.instant >= sent + .seconds(1)
        else { return [] }
        gateways[name] = now.instant
        return [.publish(routing, gateways: [name])]
    }

    /// Numbers, stores and sends the routing table if it is no longer the one that was sent last.
    mutating func publish(at now: Moment) {
        let models = routes()
        guard models != routing.models else { return }
        routing = RoutingTable(epoch: routing.epoch + 1, models: models)
        for name in gateways.keys { gateways[name] = now.instant }
        actions.append(.save(.routing(routing)))
        actions.append(.publish(routing, gateways: gateways.keys.sorted()))
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
            guard let version = registry.version(key) else { return nil }
            let aliases = registry.aliases.values.filter { $0.name == key.model && $0.version == key.version }
            return RoutingTable.Route(
                model: key.model, version: key.version, aliases: aliases.map(\.alias).sorted(),
                digest: version.manifest, interface: version.details.interface, nodes: readyNodes(of: key))
        }
    }
}
