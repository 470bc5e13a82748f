import ClusterProtocol
import Checkpoints
import Explanations
import Foundation
import Wire

/// A routing table reaches gateways as one message, and a node reports all it holds in another: what is promoted has to
/// fit in there together.
extension Deployment {
    /// What a coordinator that has just started has to say of what it goes on with.
    package mutating func start(into effects: inout Effects) {
        do throws(Failure) {
            let bytes = try tableBytes(of: registry)
            guard bytes > policy.tableBytes else { return }
            effects.log(
                .error, "the routing table is larger than it may become: gateways may not get it",
                ["bytes": "\(bytes)", "limit": "\(policy.tableBytes)", "remedy": Self.tableRemedy])
        } catch {
            effects.log(.error, "the routing table cannot be written", ["reason": error.message])
        }
    }

    /// Throws if nodes could not report all that they hold when `alias` stands for this version, or gateways not be sent
    /// the table. What does not grow is never refused.
    mutating func checkTable(letting alias: AliasKey, standFor version: Int) throws(Failure) {
        var next = registry
        _ = next.flip(alias, to: version)
        let versions = next.wanted.count
        guard versions <= NodeReport.mostReplicas || versions <= registry.wanted.count else {
            throw Failure(
                .failedPrecondition,
                "\(alias.model):\(version) was not promoted: with it every node would hold \(versions) versions, expected "
                    + "at most \(NodeReport.mostReplicas); delete aliases that nobody asks for "
                    + "(martlet alias delete NAME@ALIAS)")
        }
        let bytes = try tableBytes(of: next)
        guard bytes > policy.tableBytes else { return }
        guard try bytes > tableBytes(of: registry) else { return }
        throw Failure(
            .failedPrecondition,
            "\(alias.model):\(version) was not promoted: with it the routing table would have \(bytes) bytes, expected "
                + "at most \(policy.tableBytes); \(Self.tableRemedy)")
    }

    private static let tableRemedy =
        "delete aliases that nobody asks for (martlet alias delete NAME@ALIAS), or promote models with fewer columns, or "
        + "with shorter names for them"

    /// Bytes of the table of a registry, or a few more: as if every node held every version.
    mutating func tableBytes(of registry: Registry) throws(Failure) -> Int {
        let everyone = nodes.values.map { RoutingTable.Node(name: $0.name, endpoint: $0.endpoint) }
        var table = RoutingTable(epoch: .max, source: routing.source, models: [])
        var interfaces: [ReplicaKey: Int] = [:]
        do {
            for key in registry.wanted {
                guard var route = Self.route(to: key, in: registry, nodes: everyone) else { continue }
                interfaces[key] = try interfaceBytes[key] ?? ClusterJSON.encoder().encode(route.interface).count
                route.interface = ModelInterface(inputs: [], outputs: [])
                table.models.append(route)
            }
            let rest = try ClusterJSON.encoder().encode(table).count
            interfaceBytes = interfaces
            return interfaces.values.reduce(rest, +)
        } catch {
            throw Failure(.internal, "the size of the routing table cannot be told: \(error.explanation)")
        }
    }
}
