package import ClusterProtocol
import Wire

/// Which versions serve, on which nodes: the registry, the replicas, the promotions under way, and the routing table
/// that follows from them. A value without clock, store or sockets.
///
/// Two rules make everything else: every living node shall hold what the aliases stand for and stood for before, and
/// the candidates; and the routing table names the nodes that are ready. After each event `settle` compares what is
/// with what shall be, and orders the difference.
package struct Deployment: Codable, Sendable, Equatable {
    package let policy: DeploymentPolicy
    package internal(set) var registry: Registry
    /// The living inference nodes by name.
    package internal(set) var nodes: [String: DeploymentNode] = [:]
    package internal(set) var promotions: [AliasKey: Promotion] = [:]
    package internal(set) var routing: RoutingTable
    /// The living gateways by name.
    package internal(set) var gateways: [String: RoutedGateway] = [:]
    /// In order of their beginning.
    package internal(set) var rollouts: [Rollout] = []
    /// What the interfaces of versions in the routing table take there, so that each is written out once.
    var interfaceBytes: [ReplicaKey: Int] = [:]

    /// - Parameter source: marks the tables that come from here.
    package init(
        policy: DeploymentPolicy = DeploymentPolicy(), source: StateIdentity? = nil,
        stored: StoredState = StoredState(), at now: Moment
    ) {
        self.policy = policy
        registry = Registry(stored: stored)
        routing = stored.routing ?? RoutingTable(epoch: 0, models: [])
        routing.source = source
        let deadline = now.instant + policy.restartGrace
        for route in routing.models {
            for node in route.nodes {
                let key = ReplicaKey(route.model, route.version)
                nodes[
                    node.name,
                    default: DeploymentNode(
                        name: node.name, incarnation: 0, endpoint: node.endpoint, standing: .presumed(until: deadline))
                ].replicas[key] = ReplicaReport(
                    model: route.model, version: route.version, manifest: route.digest, state: .ready)
            }
        }
    }

    /// Lets what is follow what shall be.
    mutating func settle(at now: Moment, into effects: inout Effects) {
        conclude(at: now, into: &effects)
        orderReplicas(at: now, into: &effects)
        publish(at: now, into: &effects)
        answerRollouts(at: now, into: &effects)
    }
}
