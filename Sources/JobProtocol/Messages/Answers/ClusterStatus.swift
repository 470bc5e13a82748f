package import ClusterProtocol
package import Foundation
package import Wire

/// What `martlet status` and `martlet nodes` print: nodes, the jobs that are not over and the newest that are, launches
/// and what is served, as far as there is room in a message.
package struct ClusterStatus: DocumentAnswer {
    package var clusterID: String
    package var version: String
    package var nodes: [NodeStatus]
    package var jobs: [JobSummary]
    package var launches: [LaunchStatus]
    package var models: [ServedModel]
    /// Nil from a coordinator that does not tell.
    package var state: StateStatus?
    /// What there was no room for in a message; nil: nothing.
    package var omitted: Omitted?

    /// How many entries of each list are not shown.
    package struct Omitted: Codable, Sendable, Equatable {
        package var jobs = 0
        package var launches = 0
        package var models = 0

        package init(jobs: Int = 0, launches: Int = 0, models: Int = 0) {
            self.jobs = jobs
            self.launches = launches
            self.models = models
        }
    }

    package struct NodeStatus: Codable, Sendable, Equatable {
        package enum State: String, Codable, Sendable {
            case alive, suspect, dead
        }

        package var name: String
        package var role: Role
        package var state: State
        package var endpoint: String
        package var host: String
        package var processID: UInt32
        package var since: Date
        package var lastSeen: Date
        package var cpuPercent: Float
        package var residentBytes: UInt64
        package var activity: String
        /// Nil for a node without one.
        package var cache: CacheReport?
        /// Of an inference node.
        package var load: InferenceLoad?

        package init(
            name: String, role: Role, state: State, endpoint: String, host: String, processID: UInt32, since: Date,
            lastSeen: Date, cpuPercent: Float, residentBytes: UInt64, activity: String, cache: CacheReport? = nil,
            load: InferenceLoad? = nil
        ) {
            self.name = name
            self.role = role
            self.state = state
            self.endpoint = endpoint
            self.host = host
            self.processID = processID
            self.since = since
            self.lastSeen = lastSeen
            self.cpuPercent = cpuPercent
            self.residentBytes = residentBytes
            self.activity = activity
            self.cache = cache
            self.load = load
        }
    }

    /// What the coordinator keeps, and up to how much.
    package struct StateStatus: Codable, Sendable, Equatable {
        package var size: StateSize
        package var retention: RetentionPolicy

        package init(size: StateSize, retention: RetentionPolicy) {
            self.size = size
            self.retention = retention
        }
    }

    /// One alias of one model.
    package struct ServedModel: Codable, Sendable, Equatable {
        package var name: String
        package var alias: String
        package var version: Int
        package var replicasReady: Int
        package var traffic: GatewayReport.Traffic

        package init(
            name: String, alias: String, version: Int, replicasReady: Int, traffic: GatewayReport.Traffic
        ) {
            self.name = name
            self.alias = alias
            self.version = version
            self.replicasReady = replicasReady
            self.traffic = traffic
        }
    }

    package init(
        clusterID: String, version: String, nodes: [NodeStatus], jobs: [JobSummary], launches: [LaunchStatus] = [],
        models: [ServedModel], state: StateStatus? = nil
    ) {
        self.clusterID = clusterID
        self.version = version
        self.nodes = nodes
        self.jobs = jobs
        self.launches = launches
        self.models = models
        self.state = state
    }
}

extension ClusterStatus {
    package func check() throws(DocumentProblem) {
        for job in jobs { try job.check() }
        for launch in launches { try launch.check() }
    }
}
