import Foundation
package import Wire

/// What a node says of itself when it joins.
package struct NodeDescription: Sendable {
    /// Its name in the keyring.
    package var name: String
    package var role: Role
    /// Where peers reach it; empty: nowhere.
    package var endpoint: String

    package init(name: String, role: Role, endpoint: String) {
        self.name = name
        self.role = role
        self.endpoint = endpoint
    }

    /// - Parameter clusterID: of the cluster that it was a member of; empty: of none yet.
    func join(incarnation: UInt64, clusterID: String) -> Join {
        Join(
            name: name, role: role, incarnation: incarnation, endpoint: endpoint, version: codeVersion,
            host: ProcessInfo.processInfo.hostName,
            processID: UInt32(ProcessInfo.processInfo.processIdentifier),
            cores: UInt32(ProcessInfo.processInfo.activeProcessorCount),
            memoryBytes: ProcessInfo.processInfo.physicalMemory, clusterID: clusterID)
    }
}
