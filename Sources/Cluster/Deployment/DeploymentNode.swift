package import Digests

/// A living inference node and the versions it holds.
package struct DeploymentNode: Sendable, Equatable {
    /// What was last asked of the node for one version, and when.
    package struct Asked: Sendable, Equatable {
        package var isLoad: Bool
        package var at: ContinuousClock.Instant
    }

    /// Where a coordinator that has just started has it from.
    package enum Standing: Sendable, Equatable {
        /// In the last routing table; taken for alive until then.
        case presumed(until: ContinuousClock.Instant)
        /// Joined, but has not said yet what it holds; until it does, what was presumed stays.
        case joined
        case known
    }

    package var name: String
    package var incarnation: UInt64
    package var endpoint: String
    package var standing: Standing
    package var replicas: [ReplicaKey: ReplicaReport] = [:]
    package var asked: [ReplicaKey: Asked] = [:]

    package func isReady(_ key: ReplicaKey, manifest: ContentDigest) -> Bool {
        guard let replica = replicas[key] else { return false }
        return replica.state == .ready && replica.manifest == manifest
    }
}
