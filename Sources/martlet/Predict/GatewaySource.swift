import LocalCluster
import Foundation

/// Which gateway a prediction goes to, and what is known of it without asking.
enum GatewaySource {
    /// One that was named by its address.
    case named(String)
    /// That of a cluster on this machine: its address may change when it is started again.
    case cluster(ClusterFolder)

    init(_ address: String?, _ cluster: ClusterOption) throws {
        if let address {
            self = .named(address.hasSuffix("/") ? String(address.dropLast()) : address)
        } else {
            self = .cluster(try cluster.folder())
        }
    }

    /// Its address; nil while it has none.
    var address: String? {
        switch self {
        case .named(let address): address
        case .cluster(let folder): folder.endpoint(of: NodeName.gateway)
        }
    }

    /// Nil of one that was named.
    private var presence: NodePresence? {
        if case .cluster(let folder) = self { folder.presence(of: NodeName.gateway) } else { nil }
    }

    /// Why it has no address, where that is so.
    var silence: CommandFailure {
        guard case .cluster(let folder) = self, let presence else {
            return CommandFailure("the gateway has no address")
        }
        return CommandFailure(presence, of: NodeName.gateway, called: "the gateway", in: folder)
    }

    /// Whether it has ended and a supervisor starts it again, or has just started and does not listen yet.
    var isComing: Bool {
        switch presence {
        case .starting, .restarting, .misled: true
        case .absent, .paused, .ended, .listens, nil: false
        }
    }

    /// Why nothing will come of waiting for it; nil where something may.
    var obstacle: CommandFailure? {
        guard case .cluster(let folder) = self, let presence else { return nil }
        switch presence {
        case .absent, .paused, .ended:
            return CommandFailure(presence, of: NodeName.gateway, called: "the gateway", in: folder)
        case .starting, .restarting, .misled, .listens: return nil
        }
    }
}
