package import JobProtocol
package import ClusterProtocol
package import Datasets

/// A change of what must survive kill -9. The changes of one event are one transaction.
package enum StateChange: Sendable, Equatable {
    /// Inserts or replaces by id.
    case job(StoredJob)
    case plan(DataPlan, job: String)
    /// Its shards are not needed any more.
    case dropPlan(job: String)
    case evaluation(JobEvaluation, job: String)
    case trace(JobTrace, job: String)
    case version(StoredVersion)
    /// Inserts or replaces by model and alias.
    case alias(StoredAlias)
    /// The version is deleted; its number is not given again.
    case dropVersion(ReplicaKey)
    case dropAlias(AliasKey)
    case promotion(StoredPromotion)
    case routing(RoutingTable)
    /// The highest number that was given to a job or a launch, of which launches are not stored.
    case number(Int)
    /// The highest number that was given to a generation of a job, or to a launch.
    case generation(UInt64)
}
