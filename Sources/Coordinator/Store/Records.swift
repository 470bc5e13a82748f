import ControlPlane
import ClusterProtocol
import JobProtocol
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

extension StateChange {
    func write(to database: Database) throws {
        switch self {
        case .job(let job): try job.insert(database)
        case .number(let number): try Counter.raise(.jobs, "", to: Int64(number), in: database)
        case .generation(let number): try Counter.raise(.generations, "", to: Int64(clamping: number), in: database)
        case .plan(let plan, let job): try StoredPlan(job: job, plan: plan).insert(database)
        case .dropPlan(let job): try StoredPlan.deleteOne(database, key: job)
        case .evaluation(let evaluation, let job):
            try StoredEvaluation(job: job, evaluation: evaluation).insert(database)
        case .trace(let trace, let job): try StoredTrace(job: job, trace: trace).insert(database)
        case .version(let version): try version.insert(database)
        case .alias(let alias): try alias.insert(database)
        case .dropVersion(let key):
            try Counter.raise(.versions, key.model, to: Int64(key.version), in: database)
            try StoredVersion.deleteOne(database, key: ["name": key.model, "version": key.version])
        case .dropAlias(let key): try StoredAlias.deleteOne(database, key: ["name": key.model, "alias": key.alias])
        case .promotion(let promotion): try promotion.insert(database)
        case .routing(let table): try StoredRouting(routingTable: table).insert(database)
        }
    }
}
