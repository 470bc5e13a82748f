import Foundation
import Wire

/// What a node tells of itself with every heartbeat.
package struct NodeReport: Codable, Sendable, Equatable {
    /// Of the document inside the heartbeat.
    static let kind = "report"

    /// One line for `martlet status`: "idle", "digits-3: epoch 4/20", "digits:2 ready".
    package var activity: String
    package var worker: WorkerReport?
    package var inference: InferenceReport?
    package var gateway: GatewayReport?
    /// Of workers and inference nodes.
    package var cache: CacheReport?

    package init(
        activity: String, worker: WorkerReport? = nil, inference: InferenceReport? = nil,
        gateway: GatewayReport? = nil, cache: CacheReport? = nil
    ) {
        self.activity = activity
        self.worker = worker
        self.inference = inference
        self.gateway = gateway
        self.cache = cache
    }
}

/// The contents that a node keeps so that it need not fetch them again.
package struct CacheReport: Codable, Sendable, Equatable {
    package var bytes: Int
    package var limit: Int
    /// Contents removed since the process started, because others were used after them.
    package var evictions: Int
    /// Contents since then that were not what their digests say, and were fetched again; nil: none.
    package var damaged: Int?

    package init(bytes: Int, limit: Int, evictions: Int, damaged: Int? = nil) {
        self.bytes = bytes
        self.limit = limit
        self.evictions = evictions
        self.damaged = damaged
    }
}

package struct WorkerReport: Codable, Sendable, Equatable {
    /// The generation this worker is in; nil when idle. A coordinator that restarts learns from this what still runs.
    package var job: String?
    package var generation: UInt64?

    package init(job: String? = nil, generation: UInt64? = nil) {
        self.job = job
        self.generation = generation
    }
}

package struct InferenceReport: Codable, Sendable, Equatable {
    package var replicas: [ReplicaReport]
    /// Nil from a node that does not tell.
    package var load: InferenceLoad?
    /// The newest change that `replicas` has, see `ReplicaReport.revision`.
    package var revision: UInt64?

    package init(replicas: [ReplicaReport], load: InferenceLoad? = nil, revision: UInt64? = nil) {
        self.replicas = replicas
        self.load = load
        self.revision = revision
    }
}

/// What waits on an inference node now, and what became of requests since it started.
package struct InferenceLoad: Codable, Sendable, Equatable {
    package var queuedRows: Int
    package var answered: UInt64
    /// The queue was full.
    package var refused: UInt64
    /// Their time was over while they waited.
    package var expired: UInt64
    /// Taken back before they were answered, as by a client that left.
    package var cancelled: UInt64

    package init(
        queuedRows: Int = 0, answered: UInt64 = 0, refused: UInt64 = 0, expired: UInt64 = 0, cancelled: UInt64 = 0
    ) {
        self.queuedRows = queuedRows
        self.answered = answered
        self.refused = refused
        self.expired = expired
        self.cancelled = cancelled
    }
}

package struct GatewayReport: Codable, Sendable, Equatable {
    package var routingEpoch: UInt64
    /// The state that numbered the table; nil before the first one.
    package var routingSource: StateIdentity?
    /// Over the last ten seconds, by model name.
    package var traffic: [String: Traffic]

    package struct Traffic: Codable, Sendable, Equatable {
        package var requestsPerSecond: Double
        package var p50Milliseconds: Double
        package var p99Milliseconds: Double
        package var errorsPerSecond: Double

        package init(
            requestsPerSecond: Double, p50Milliseconds: Double, p99Milliseconds: Double, errorsPerSecond: Double
        ) {
            self.requestsPerSecond = requestsPerSecond
            self.p50Milliseconds = p50Milliseconds
            self.p99Milliseconds = p99Milliseconds
            self.errorsPerSecond = errorsPerSecond
        }
    }

    package init(routingEpoch: UInt64, routingSource: StateIdentity? = nil, traffic: [String: Traffic]) {
        self.routingEpoch = routingEpoch
        self.routingSource = routingSource
        self.traffic = traffic
    }

    package var position: RoutingPosition { RoutingPosition(source: routingSource, epoch: routingEpoch) }
}
