package import ClusterProtocol
package import Digests

/// A living inference node and the versions it holds.
package struct DeploymentNode: Codable, Sendable, Equatable {
    /// What was last asked of the node for one version, and when.
    package struct Asked: Codable, Sendable, Equatable {
        package var isLoad: Bool
        package var at: ContinuousClock.Instant
        /// How the version stood then; as long as it still stands so, the node has said nothing of what was asked.
        package var before: ReplicaReport?
    }

    /// Where a coordinator that has just started has it from.
    package enum Standing: Codable, Sendable, Equatable {
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
    /// The newest change on the node that is known of, and the newest in the last report of all it holds.
    private var revision: UInt64 = 0
    private var reportedRevision: UInt64 = 0

    package init(name: String, incarnation: UInt64, endpoint: String, standing: Standing) {
        self.name = name
        self.incarnation = incarnation
        self.endpoint = endpoint
        self.standing = standing
    }

    /// Takes over the whole of what the node holds, unless it was written down before something that is known already.
    package mutating func take(_ report: InferenceReport) {
        if let revision = report.revision {
            guard revision >= self.revision else { return }
            self.revision = revision
            reportedRevision = revision
        }
        replicas = [:]
        for replica in report.replicas { replicas[ReplicaKey(replica.model, replica.version)] = replica }
    }

    /// Takes over how one version stands. Returns whether that is news.
    package mutating func take(_ replica: ReplicaReport) -> Bool {
        let key = ReplicaKey(replica.model, replica.version)
        if let revision = replica.revision {
            guard revision > reportedRevision, revision > replicas[key]?.revision ?? 0 else { return false }
            self.revision = max(self.revision, revision)
        }
        replicas[key] = replica
        return true
    }

    /// Whether the node was asked to load the version and has not said since how it stands.
    func isLoadWaiting(_ key: ReplicaKey) -> Bool {
        asked[key].map { $0.isLoad && $0.before == replicas[key] } ?? false
    }

    var waitingLoads: Int { asked.keys.count(where: isLoadWaiting) }

    package func isReady(_ key: ReplicaKey, manifest: ContentDigest) -> Bool {
        guard let replica = replicas[key] else { return false }
        return replica.state == .ready && replica.manifest == manifest
    }
}
