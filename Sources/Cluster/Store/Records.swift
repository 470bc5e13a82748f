import Datasets
import Foundation
import GRDB

/// How stored values become rows: one column per property, nested values as JSON text, dates as seconds since 1970.
protocol StoredRecord: Codable, FetchableRecord, PersistableRecord {}

extension StoredRecord {
    static func databaseJSONEncoder(for column: String) -> JSONEncoder { ClusterJSON.encoder() }
    static func databaseJSONDecoder(for column: String) -> JSONDecoder { ClusterJSON.decoder() }
    static func databaseDateEncodingStrategy(for column: String) -> DatabaseDateEncodingStrategy {
        .timeIntervalSince1970
    }
    static func databaseDateDecodingStrategy(for column: String) -> DatabaseDateDecodingStrategy {
        .timeIntervalSince1970
    }
    static var persistenceConflictPolicy: PersistenceConflictPolicy {
        PersistenceConflictPolicy(insert: .replace, update: .replace)
    }
}

extension StoredJob: StoredRecord {
    static let databaseTableName = "jobs"
}

extension StoredVersion: StoredRecord {
    static let databaseTableName = "versions"
}

extension StoredAlias: StoredRecord {
    static let databaseTableName = "aliases"
}

extension StoredPromotion: StoredRecord {
    static let databaseTableName = "promotions"
}

/// The plan of a job that is not over.
struct StoredPlan: StoredRecord {
    static let databaseTableName = "plans"

    var job: String
    var plan: DataPlan
}

/// What a finished job's model makes of its test part.
struct StoredEvaluation: StoredRecord {
    static let databaseTableName = "evaluations"

    var job: String
    var evaluation: JobEvaluation
}

/// What the workers of a job did when.
struct StoredTrace: StoredRecord {
    static let databaseTableName = "traces"

    var job: String
    var trace: JobTrace
}

/// The newest routing table: there is one.
struct StoredRouting: StoredRecord {
    static let databaseTableName = "routing"
    static let onlyID = 1

    var id = StoredRouting.onlyID
    var routingTable: RoutingTable
}

/// The highest number that was given of a kind.
struct StoredCounter: StoredRecord {
    static let databaseTableName = "counters"

    var name: String
    var value: Int64

    /// A counter never goes back.
    static func raise(_ counter: StateChange.Counter, to value: UInt64, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO counters (name, value) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET value = MAX(value, excluded.value)
                """,
            arguments: [counter.rawValue, Int64(clamping: value)])
    }
}

extension StateChange {
    func write(to database: Database) throws {
        switch self {
        case .job(let job):
            try job.insert(database)
            try StoredCounter.raise(.number, to: UInt64(max(0, job.number)), in: database)
            try StoredCounter.raise(.generation, to: job.generation, in: database)
        case .counter(let counter, let value): try StoredCounter.raise(counter, to: value, in: database)
        case .plan(let plan, let job): try StoredPlan(job: job, plan: plan).insert(database)
        case .dropPlan(let job): try StoredPlan.deleteOne(database, key: job)
        case .evaluation(let evaluation, let job):
            try StoredEvaluation(job: job, evaluation: evaluation).insert(database)
        case .trace(let trace, let job): try StoredTrace(job: job, trace: trace).insert(database)
        case .version(let version): try version.insert(database)
        case .alias(let alias): try alias.insert(database)
        case .promotion(let promotion): try promotion.insert(database)
        case .routing(let table): try StoredRouting(routingTable: table).insert(database)
        }
    }
}
