package import ControlPlane
package import JobProtocol
package import Foundation
import GRDB
import Synchronization

/// The coordinator's memory: everything that must survive kill -9, in one SQLite file that no other process opens.
///
/// Each event's changes are one transaction, which is on the disk when `apply` returns (WAL with `synchronous = FULL`).
/// What is in the log moves into the database whenever `upkeep` runs, and when the store is opened or closed: a log that
/// is lost takes no more with it than what came after.
/// The database does its work on queues of its own, away from the cooperative pool.
package final class StateStore: Sendable {
    let pool: DatabasePool
    let file: URL
    /// Whether something was written since the log was last moved into the database.
    let isLogged = Atomic<Bool>(false)
    /// Made with the file: tells clusters of the same name apart.
    package let clusterID: String

    /// Opens the file, or makes it, and brings its tables up to date. Blocks on the disk.
    ///
    /// - Parameter holdsContent: whether the store beside it holds anything, which some state must have referred to.
    /// - Throws: `StateError` when the file is not the state that the folder belongs to, is no database, or was written
    ///   by a newer version. Then nothing in the folder has changed.
    package init(file: URL, holdsContent: Bool = false) throws {
        self.file = file
        let path = file.path(percentEncoded: false)
        let identity = IdentityFile(in: file.deletingLastPathComponent())
        let recorded = try identity.read()
        do {
            let found = try Self.look(at: path)
            try IdentityFile.check(recorded: recorded, found: found, holdsContent: holdsContent, database: path)
            pool = try Self.open(path)
            try Self.migrator.migrate(pool)
            clusterID = try pool.read { try Self.identity(in: $0) } ?? ""
            try pool.writeWithoutTransaction { try Self.moveLog(.truncate, in: $0) }
        } catch let error as DatabaseError {
            throw StateError(error, file: path)
        }
        if recorded == nil { try identity.write(clusterID) }
    }

    /// The cluster whose state the file holds, nil where there is none; changes nothing. Damage is found here, and not by
    /// the event that comes upon it.
    private static func look(at path: String) throws -> String? {
        if let obstacle = DatabaseFile.obstacle(at: path) { throw StateError.obstructed(file: path, obstacle) }
        // Opening a database makes its file.
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read { database in
            if let damage = try database.damage() { throw StateError.unreadable(file: path, reason: damage) }
            if try migrator.hasBeenSuperseded(database) { throw StateError.newer(file: path) }
            return try identity(in: database)
        }
    }

    private static func open(_ path: String) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.label = "state"
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { database in
            // A pool sets NORMAL, with which the last transactions before a power cut may be lost.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // "each time a write-ahead log is reset": else the file keeps the size of the largest transactions for good.
            // Asked for a row, as it answers with the limit.
            _ = try Int.fetchOne(database, sql: "PRAGMA journal_size_limit = \(logBytes)")
        }
        return pool
    }

    /// What the log's file keeps of the disk once its content is in the database and it begins anew.
    static let logBytes = 1 << 18

    /// Nil for a database without tables.
    private static func identity(in database: Database) throws -> String? {
        guard try database.tableExists("cluster") else { return nil }
        return try String.fetchOne(database, sql: "SELECT id FROM cluster")
    }

    /// Carries out all changes or none.
    package func apply(_ changes: [StateChange]) async throws {
        guard !changes.isEmpty else { return }
        isLogged.store(true, ordering: .sequentiallyConsistent)
        try await pool.write { database in
            for change in changes { try change.write(to: database) }
        }
    }

    package func load() async throws -> StoredState { try await pool.read { try Self.load(from: $0) } }

    static func load(from database: Database) throws -> StoredState {
        let plans = try StoredPlan.fetchAll(database).map { ($0.job, $0.plan) }
        return StoredState(
            jobs: try StoredJob.filter(!Self.isOver).order(Column("number")).fetchAll(database),
            plans: Dictionary(uniqueKeysWithValues: plans),
            lastJobNumber: Int(try Self.highest(.jobs, "number", in: database)),
            lastGeneration: UInt64(try Self.highest(.generations, "generation", in: database)),
            versions: try StoredVersion.order(Column("name"), Column("version")).fetchAll(database),
            lastVersions: try Counter.versions(in: database),
            aliases: try StoredAlias.order(Column("name"), Column("alias")).fetchAll(database),
            routing: try StoredRouting.fetchOne(database)?.routingTable)
    }

    /// The highest number given so far, to jobs that are there and to those that were.
    private static func highest(_ kind: Counter.Kind, _ column: String, in database: Database) throws -> Int64 {
        let present = try Int64.fetchOne(database, sql: "SELECT MAX(\(column)) FROM jobs") ?? 0
        return max(present, try Counter.value(of: kind, in: database))
    }

    /// A job, over or not; nil when there is none of this name.
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
            let columns = try database.columns(in: StoredJob.databaseTableName).map(\.name)
                .filter { $0 != "curve" && $0 != "source" }.map { Column($0) as any SQLSelectable }
            let lastEpoch = SQL(
                sql: "CASE json_array_length(curve) WHEN 0 THEN '[]' ELSE json_array(json_extract(curve, '$[#-1]')) END"
            )
            let jobs =
                try StoredJob
                .select(columns + [SQL("\(lastEpoch) AS curve"), SQL(sql: "'' AS source")])
                .filter(Self.isOver && Column("number") < number)
                .order(Column("number").desc).limit(limit).fetchAll(database)
            return (jobs, try StoredJob.filter(Self.isOver).fetchCount(database))
        }
    }

    /// What SQLite says of a setting of the connection that writes.
    func pragma(_ name: String) async throws -> String? {
        try await pool.writeWithoutTransaction { try String.fetchOne($0, sql: "PRAGMA \(name)") }
    }

    /// Moves the log into the database, as far as no reader is in the way. As a statement and not by SQLite's function,
    /// which does not check whether the connection is still open: whatever comes too late is an error.
    static func moveLog(_ mode: Database.CheckpointMode, in database: Database) throws {
        let name =
            switch mode {
            case .truncate: "TRUNCATE"
            default: "PASSIVE"
            }
        try database.execute(sql: "PRAGMA wal_checkpoint(\(name))")
    }

    /// Waits for running work, moves the log into the database and closes it. Blocks on the disk.
    package func close() throws {
        try pool.writeWithoutTransaction { try Self.moveLog(.truncate, in: $0) }
        try pool.close()
    }
}
