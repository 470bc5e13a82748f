package import Checkpoints
package import Digests

/// Coordinator to gateways, whole, on every change and at join. A gateway keeps serving from the last one it got, and
/// keeps a copy on disk for its own restart while the coordinator is down.
package struct RoutingTable: ClusterMessage {
    package static let kind = MessageKind.routing
    package static let path = MessagePath.coordinatorToGateway

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

extension RoutingTable {
    package func check() throws(DocumentProblem) {
        try source?.check("source")
        for (place, route) in models.enumerated() {
            try Check.text(route.model, "models[\(place)].model")
            try Check.count(route.version, "models[\(place)].version", in: 1...Check.largestCount)
            for alias in route.aliases { try Check.text(alias, "models[\(place)].aliases") }
            try route.interface.check("models[\(place)].interface")
            for node in route.nodes {
                try Check.text(node.name, "models[\(place)].nodes.name")
                try Check.text(node.endpoint, "models[\(place)].nodes.endpoint")
            }
        }
    }
}
