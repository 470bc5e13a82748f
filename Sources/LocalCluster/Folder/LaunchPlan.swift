package import ClusterProtocol
import Foundation
package import Wire

/// Which processes a cluster file means on this machine, in the order they are started, and what each is told. A pure
/// function of the file, so that `up` twice plans the same twice.
package struct LaunchPlan: Sendable, Equatable {
    package struct Node: Sendable, Equatable {
        package var configuration: NodeConfiguration
        package var environment: [String: String]
        /// The port that must be free before the process starts; nil where any will do.
        package var port: TCPPort?

        package var name: String { configuration.name }
        package var role: Role { configuration.role }
    }

    package var coordinator: Node
    /// All others: inference nodes and workers, then the gateway, which is of use only once they are there.
    package var followers: [Node]

    package var nodes: [Node] { [coordinator] + followers }

    /// `remembered` gives the port a node had when the cluster was last seen running: with port 0 in the file, a
    /// coordinator or gateway that died comes back where its peers and callers look for it.
    package init(
        _ file: ClusterFile, folder: ClusterFolder, cores: Int, remembered: (_ node: String) -> Int? = { _ in nil }
    ) {
        func port(_ wanted: Int, of node: String) -> Int { wanted == 0 ? remembered(node) ?? 0 : wanted }
        func fixed(_ host: String, _ port: Int) -> TCPPort? { port == 0 ? nil : TCPPort(host: host, port: port) }
        func configuration(_ name: String, _ role: Role, listen: String?) -> NodeConfiguration {
            NodeConfiguration(
                name: name, role: role, cluster: file.name, data: folder.data(of: name), keys: folder.keys,
                endpointFile: folder.endpointFile(of: name), coordinator: nil, listen: listen,
                timing: file.timing)
        }
        let coordinatorPort = port(file.coordinator.port, of: NodeName.coordinator)
        coordinator = Node(
            configuration: configuration(
                NodeName.coordinator, .coordinator,
                listen: "tcp://\(ClusterFile.beforePort(file.coordinator.host)):\(coordinatorPort)"),
            environment: Self.environment,
            port: fixed(file.coordinator.host, coordinatorPort))
        coordinator.configuration.preparationMemory = file.coordinator.preparationMemory
        coordinator.configuration.journalBytes = file.coordinator.journalBytes

        if let jobs = file.coordinator.keepJobs { coordinator.configuration.retention.jobs = jobs }

        followers = []
        let peers = "tcp://\(ClusterFile.beforePort(file.coordinator.host)):0"
        for index in 0..<file.inference.count {
            var node = configuration(NodeName.inference(index), .inference, listen: peers)
            node.inference = NodeConfiguration.Inference(
                maxBatchRows: file.inference.maxBatchRows, queueRows: file.inference.queueRows)
            node.maxCacheBytes = file.inference.maxCacheBytes ?? node.maxCacheBytes
            followers.append(Node(configuration: node, environment: Self.environment))
        }
        let threads = file.workers.threads ?? max(1, cores / max(1, file.workers.count))
        for index in 0..<file.workers.count {
            var node = configuration(NodeName.worker(index), .worker, listen: peers)
            node.launchFolders = file.launchFolders
            node.threads = threads
            node.maxCacheBytes = file.workers.maxCacheBytes ?? node.maxCacheBytes
            followers.append(Node(configuration: node, environment: Self.environment))
        }
        let gatewayPort = port(file.gateway.port, of: NodeName.gateway)
        var gateway = configuration(NodeName.gateway, .gateway, listen: nil)
        gateway.gateway = NodeConfiguration.Gateway(
            host: file.gateway.host, port: gatewayPort, maxBodyBytes: file.gateway.maxBodyBytes)
        followers.append(
            Node(
                configuration: gateway, environment: Self.environment,
                port: fixed(file.gateway.host, gatewayPort)))
    }

    /// OpenBLAS would start a thread per core in every process, also where products are computed by threads of ours;
    /// glibc would keep up to eight memory arenas per core.
    private static let environment = ["OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"]
}
