package import Foundation
import GRDB

/// The coordinator's memory: everything that must survive kill -9, in one SQLite file that no other process opens.
///
/// Each event's changes are one transaction, which is on the disk when `apply` returns (WAL with `synchronous = FULL`).
/// The database does its work on queues of its own, away from the cooperative pool.
package final class StateStore: Sendable {
    private let pool: DatabasePool
    /// Made with the file: tells clusters of the same name apart.
    package let clusterID: String

    /// Opens the file, or makes it, and brings its tables up to date. Blocks on the disk.
    ///
    /// Throws `DatabaseError` when the file cannot be opened, is no database, or was written by a newer version.
    package init(file: URL) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.label = "state"
        pool = try DatabasePool(path: file.path(percentEncoded: false), configuration: configuration)
        // A pool sets NORMAL, with which the last transactions before a power cut may be lost.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        try Self.migrator.migrate(pool)
        clusterID = try pool.read { try String.fetchOne($0, sql: "SELECT id FROM cluster") } ?? ""
    }

    /// Carries out all changes or none.
    package func apply(_ changes: [StateChange]) async throws {
        guard !changes.isEmpty else { return }
        try await pool.write { database in
            for change in changes { try change.write(to: database) }
        }
    }

    package func load() async throws -> StoredState {
        try await pool.read { database in
            let final = [JobStatus.State.finished, .failed, .cancelled].map(\.rawValue)
            let plans = try StoredPlan.fetchAll(database).map { ($0.job, $0.plan) }
            return StoredState(
                jobs: try StoredJob.filter(!final.contains(Column("state"))).order(Column("number")).fetchAll(database),
                plans: Dictionary(uniqueKeysWithValues: plans),
                lastJobNumber: try Int.fetchOne(database, sql: "SELECT MAX(number) FROM jobs") ?? 0,
                lastGeneration: UInt64(try Int64.fetchOne(database, sql: "SELECT MAX(generation) FROM jobs") ?? 0),
                versions: try StoredVersion.order(Column("name"), Column("version")).fetchAll(database),
                aliases: try StoredAlias.order(Column("name"), Column("alias")).fetchAll(database),
                routing: try StoredRouting.fetchOne(database)?.routingTable)
        }
    }

    /// A job, over or not; nil when there never was one of this name.
    package func job(_ id: String) async throws -> StoredJob? {
        try await pool.read { try StoredJob.fetchOne($0, key: id) }
    }

    /// What a finished job's model makes of its test part; nil if there is none, or none yet.
    package func evaluation(ofJob id: String) async throws -> JobEvaluation? {
        try await pool.read { try StoredEvaluation.fetchOne($0, key: id)?.evaluation }
    }

    /// What a job's workers did when; nil unless that was asked for.
    package func trace(ofJob id: String) async throws -> JobTrace? {
        try await pool.read { try StoredTrace.fetchOne($0, key: id)?.trace }
    }

    /// The newest jobs that are over, of those submitted before `number`, the newest first and of their curves the last
    /// epoch alone, without the job files; and how many jobs are over in all.
    package func jobList(before number: Int, limit: Int) async throws -> (jobs: [StoredJob], total: Int) {
        try await pool.read { database in
            let final = [JobStatus.State.finished, .failed, .cancelled].map(\.rawValue)
            let columns = try database.columns(in: StoredJob.databaseTableName).map(\.name)
                .filter { $0 != "curve" && $0 != "source" }.map { Column($0) as any SQLSelectable }
            let lastEpoch = SQL(
                sql: "CASE json_array_length(curve) WHEN 0 THEN '[]' ELSE json_array(json_extract(curve, '$[#-1]')) END"
            )
            let jobs =
                try StoredJob
                .select(columns + [SQL("\(lastEpoch) AS curve"), SQL(sql: "'' AS source")])
                .filter(final.contains(Column("state")) && Column("number") < number)
                .order(Column("number").desc).limit(limit).fetchAll(database)
            return (jobs, try StoredJob.filter(final.contains(Column("state"))).fetchCount(database))
        }
    }

    /// The record of promotions and rollbacks of a model, the oldest first.
    package func promotions(of name: String) async throws -> [StoredPromotion] {
        try await pool.read {
            try StoredPromotion.filter(Column("name") == name).order(Column("rowid")).fetchAll($0)
        }
    }

    /// What SQLite says of a setting of the connection that writes.
    func pragma(_ name: String) async throws -> String? {
        try await pool.writeWithoutTransaction { try String.fetchOne($0, sql: "PRAGMA \(name)") }
    }

    /// Waits for running work and closes the file. Blocks on the disk.
    package func close() throws {
        try pool.close()
    }
}
