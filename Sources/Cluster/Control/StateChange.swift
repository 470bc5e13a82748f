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
    case promotion(StoredPromotion)
    case routing(RoutingTable)
    /// The highest number that was given, also to what is not stored or not stored any more.
    case counter(Counter, UInt64)

    package enum Counter: String, Sendable {
        /// Of jobs and launches.
        case number
        /// Of generations of jobs, and of launches.
        case generation
    }
}
