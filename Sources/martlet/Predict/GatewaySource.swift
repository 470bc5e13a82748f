import Cluster
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

    private var process: ProcessRecord? {
        if case .cluster(let folder) = self { folder.processes()[NodeName.gateway] } else { nil }
    }

    /// Whether it has ended and a supervisor starts it again, or has just started and does not listen yet.
    var isComing: Bool {
        guard case .cluster(let folder) = self, let process else { return false }
        return process.isAlive ? folder.endpoint(of: NodeName.gateway) == nil : folder.supervisor?.isAlive == true
    }

    /// Why nothing will come of waiting for it; nil where something may.
    var obstacle: CommandFailure? {
        guard case .cluster(let folder) = self else { return nil }
        let up = "`martlet cluster up \(folder.option)`"
        guard let process else {
            return address == nil
                ? CommandFailure("the cluster in \(folder.root.path) does not run: \(up) starts it") : nil
        }
        if process.isPaused {
            return CommandFailure(
                "the gateway (process \(process.processID)) is stopped, as by Ctrl-Z or SIGSTOP: "
                    + "`kill -CONT \(process.processID)` lets it go on")
        }
        guard !process.isAlive, folder.supervisor?.isAlive != true else { return nil }
        return CommandFailure(
            "the gateway (process \(process.processID)) has ended: \(up) starts it again; what it said last: martlet logs "
                + "\(NodeName.gateway) \(folder.option)")
    }
}
