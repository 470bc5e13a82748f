package import Checkpoints
package import Digests

/// Coordinator to inference node: hold this version. Answered with an acknowledgement; how it goes is told by
/// `ReplicaReport`s. Kind `load`.
package struct LoadReplica: Codable, Sendable, Equatable {
    package var model: String
    package var version: Int
    /// Digest of `manifest.json`, which names all other files by digest.
    package var manifest: ContentDigest

    package init(model: String, version: Int, manifest: ContentDigest) {
        self.model = model
        self.version = version
        self.manifest = manifest
    }
}

/// Coordinator to inference node: let go of this version. Kind `unload`.
package struct UnloadReplica: Codable, Sendable, Equatable {
    package var model: String
    package var version: Int

    package init(model: String, version: Int) {
        self.model = model
        self.version = version
    }
}

/// State of one version on one inference node. Sent on every change (kind `replica`) and in every heartbeat.
package struct ReplicaReport: Codable, Sendable, Equatable {
    package enum State: String, Codable, Sendable {
        case fetching, verifying, warming, ready, failed
    }

    package var model: String
    package var version: Int
    package var manifest: ContentDigest
    package var state: State
    /// Why it failed; empty otherwise.
    package var reason: String
    /// Counts up with every change on the node since its process started: reports overtake each other, and an older
    /// one must not undo a newer one. Nil from a node that does not count.
    package var revision: UInt64?

    package init(
        model: String, version: Int, manifest: ContentDigest, state: State, reason: String = "",
        revision: UInt64? = nil
    ) {
        self.model = model
        self.version = version
        self.manifest = manifest
        self.state = state
        self.reason = reason
        self.revision = revision
    }
}

/// Coordinator to gateways, whole, on every change and at join. Kind `routing`. A gateway keeps serving from the last
/// one it got, and keeps a copy on disk for its own restart while the coordinator is down.
package struct RoutingTable: Codable, Sendable, Equatable {
    package var epoch: UInt64
    /// The state that numbered it; nil in what earlier versions of Martlet have kept.
    package var source: StateIdentity?
    package var models: [Route]

    /// One version that can be asked for. The version behind alias `production` answers requests that name none.
    package struct Route: Codable, Sendable, Equatable {
        package var model: String
        package var version: Int
        package var aliases: [String]
        /// Digest of the manifest; sent with every answer.
        package var digest: ContentDigest
        package var interface: ModelInterface
        /// Ready nodes.
        package var nodes: [Node]

        package init(
            model: String, version: Int, aliases: [String], digest: ContentDigest, interface: ModelInterface,
            nodes: [Node]
        ) {
            self.model = model
            self.version = version
            self.aliases = aliases
            self.digest = digest
            self.interface = interface
            self.nodes = nodes
        }
    }

    package struct Node: Codable, Sendable, Hashable {
        package var name: String
        package var endpoint: String

        package init(name: String, endpoint: String) {
            self.name = name
            self.endpoint = endpoint
        }
    }

    package init(epoch: UInt64, source: StateIdentity? = nil, models: [Route]) {
        self.epoch = epoch
        self.source = source
        self.models = models
    }

    package var position: RoutingPosition { RoutingPosition(source: source, epoch: epoch) }
}

/// What `martlet models` and `martlet model show` print.
package struct ModelStatus: Codable, Sendable, Equatable {
    package var name: String
    package var aliases: [String: Int]
    package var versions: [Version]

    package struct Version: Codable, Sendable, Equatable {
        package var version: Int
        package var manifest: ContentDigest
        package var details: Manifest
        package var gate: GateResult
        /// Ready nodes by name.
        package var replicas: [String]

        package init(version: Int, manifest: ContentDigest, details: Manifest, gate: GateResult, replicas: [String]) {
            self.version = version
            self.manifest = manifest
            self.details = details
            self.gate = gate
            self.replicas = replicas
        }
    }

    package struct GateResult: Codable, Sendable, Equatable {
        package var passed: Bool
        /// One line per bound: metric, figure, bound.
        package var figures: [String]

        package init(passed: Bool, figures: [String]) {
            self.passed = passed
            self.figures = figures
        }
    }

    package init(name: String, aliases: [String: Int], versions: [Version]) {
        self.name = name
        self.aliases = aliases
        self.versions = versions
    }
}
