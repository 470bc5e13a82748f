import ClusterProtocol
import Files
import Foundation
import Messaging
import Wire

/// Nodes of other machines: keys and configuration are made here, copied there by a person, and started there with
/// `martlet <role> --config config.yaml`.
extension LocalLauncher {
    /// Makes all keys. Returns the folders of the remote nodes, which hold nothing secret but the node's own key.
    ///
    /// - Parameter running: nodes whose processes have read their keys.
    func prepareKeys(for plan: LaunchPlan, running: Set<String>) throws -> [String: URL] {
        let local = plan.nodes.map { (name: $0.name, role: $0.role) } + [(name: NodeName.operator, role: .operator)]
        let remote = file.remote.map { (name: $0.name, role: $0.role) }
        if !running.isEmpty {
            let missing = ClusterKeys.missing((local + remote).map(\.name), in: folder.keys)
            guard missing.isEmpty else {
                throw LaunchError.keysMissing(missing, folder: folder.keys.path, option: folder.option)
            }
        }
        let keyring = try ClusterKeys.prepare(local + remote, in: folder.keys)
        return try remote.reduce(into: [:]) { folders, node in
            let target = folder.remote.appending(path: node.name)
            try Folder.make(target, mode: 0o700)
            try ClusterKeys.copy(of: node.name, from: folder.keys, to: target, keyring: keyring)
            folders[node.name] = target
        }
    }

    /// Every path in these configurations is relative to the file, so the folder works wherever it is copied.
    func writeRemoteConfigurations(_ folders: [String: URL], of file: ClusterFile, coordinator: String) throws {
        for node in file.remote {
            guard let target = folders[node.name] else { continue }
            var configuration = NodeConfiguration(
                name: node.name, role: node.role, cluster: file.name, data: target.appending(path: "data"),
                keys: target, endpointFile: nil, coordinator: coordinator,
                listen: "tcp://\(ClusterFile.beforePort(node.host)):0",
                timing: file.timing)
            if node.role == .worker {
                configuration.launchFolders = file.launchFolders
                configuration.maxCacheBytes = file.workers.maxCacheBytes ?? configuration.maxCacheBytes
            }
            if node.role == .inference {
                configuration.inference = NodeConfiguration.Inference(
                    maxBatchRows: file.inference.maxBatchRows, queueRows: file.inference.queueRows)
                configuration.maxCacheBytes = file.inference.maxCacheBytes ?? configuration.maxCacheBytes
            }
            try SmallFile.write(
                Array(configuration.yaml(relativeTo: target).utf8), to: target.appending(path: "config.yaml").path)
        }
    }
}
