package import JobProtocol
package import ClusterProtocol
package import Checkpoints
package import Datasets
package import Digests
package import Foundation
package import Training

/// All that a coordinator needs to go on where the one before it ended.
package struct StoredState: Sendable, Equatable {
    /// Jobs that are not over, in order of submission.
    package var jobs: [StoredJob]
    /// By job.
    package var plans: [String: DataPlan]
    package var lastJobNumber: Int
    package var lastGeneration: UInt64
    package var versions: [StoredVersion]
    /// By model, the highest number of a version that was deleted.
    package var lastVersions: [String: Int]
    package var aliases: [StoredAlias]
    /// Nil before the first one.
    package var routing: RoutingTable?

    package init(
        jobs: [StoredJob] = [], plans: [String: DataPlan] = [:], lastJobNumber: Int = 0, lastGeneration: UInt64 = 0,
        versions: [StoredVersion] = [], lastVersions: [String: Int] = [:], aliases: [StoredAlias] = [],
        routing: RoutingTable? = nil
    ) {
        self.jobs = jobs
        self.plans = plans
        self.lastJobNumber = lastJobNumber
        self.lastGeneration = lastGeneration
        self.versions = versions
        self.lastVersions = lastVersions
        self.aliases = aliases
        self.routing = routing
    }
}

/// A job as it is stored, running or over.
package struct StoredJob: Codable, Sendable, Equatable {
    package var id: String
    /// Counts up over the life of the cluster; the order of the queue.
    package var number: Int
    package var specification: JobSpecification
    /// The job file as it was written.
    package var source: String
    package var state: JobStatus.State
    package var detail: String
    package var submitted: Date
    package var started: Date?
    package var ended: Date?
    package var generation: UInt64
    /// Of the generation that runs; empty otherwise.
    package var members: [GenerationMember]
    package var checkpoint: CheckpointReference?
    package var curve: [EpochRecord]
    package var metrics: [String: Double]
    package var version: Int?
    /// Generations that failed since the last checkpoint.
    package var failures: Int
    /// Generations that failed in all.
    package var failuresInAll = 0
    package var lastFailure: String
    package var warnings: [String] = []
    package var profile = false
    /// Nil until the data is indexed.
    package var data: DataSummary?
    /// Nil where the parameters start from random numbers, and until the file that they start from is read.
    package var start: StartingPoint?
    /// Preparations of its data that have begun.
    package var preparations = 0
}

/// One version of one model.
package struct StoredVersion: Codable, Sendable, Equatable {
    package var name: String
    package var version: Int
    /// Digest of `manifest.json` in the store.
    package var manifest: ContentDigest
    /// The manifest without its golden rows, which only inference nodes need.
    package var details: Manifest
    package var gate: ModelStatus.GateResult
    package var registered: Date
}

/// Which version of a model an alias stands for.
package struct StoredAlias: Codable, Sendable, Equatable {
    package var name: String
    package var alias: String
    package var version: Int
    /// Stays loaded, for rollback.
    package var previous: Int?
}

/// One line of the record of promotions.
package struct StoredPromotion: Codable, Sendable, Equatable {
    package enum Kind: String, Codable, Sendable {
        case promotion, rollback
    }

    package var kind: Kind
    package var name: String
    package var alias: String
    package var version: Int
    package var previous: Int?
    /// Name of the operator's key.
    package var operatorName: String
    /// The gate had failed and was overruled.
    package var forced: Bool
    package var reason: String
    package var date: Date
    package var routingEpoch: UInt64
}
