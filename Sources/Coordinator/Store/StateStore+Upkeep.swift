package import JobProtocol
import ControlPlane
package import ClusterProtocol
import Explanations
package import Foundation
import GRDB
import Synchronization

extension StateStore {
    /// Takes away what is over and more than is to be kept, and moves the log into the database. Does nothing when
    /// nothing was written since the last time.
    @discardableResult
    package func upkeep(_ policy: RetentionPolicy) async throws -> PrunedState {
        guard isLogged.exchange(false, ordering: .sequentiallyConsistent) else { return PrunedState() }
        do {
            let pruned = try await prune(policy)
            try await pool.writeWithoutTransaction { try Self.moveLog(.passive, in: $0) }
            return pruned
        } catch {
            isLogged.store(true, ordering: .sequentiallyConsistent)
            throw error
        }
    }

    /// Takes away what is over and more than is to be kept.
    package func prune(_ policy: RetentionPolicy) async throws -> PrunedState {
        try await pool.write { try Self.prune(policy, in: $0) }
    }

    /// Gives what deleted rows took back to the disk. Writes the whole database anew.
    package func compact() async throws {
        try await pool.vacuum()
        try await pool.writeWithoutTransaction { try Self.moveLog(.truncate, in: $0) }
    }

    /// Forgets a job that is over, with all that was kept of it. Its number is never given again.
    package func deleteJob(_ id: String) async throws {
        isLogged.store(true, ordering: .sequentiallyConsistent)
        try await pool.write { database in
            try Counter.rememberJobs(in: database)
            try StoredJob.deleteOne(database, key: id)
            try Self.deleteOrphans(in: database)
        }
    }

    package func size() async throws -> StateSize {
        let finished = try await pool.read { try StoredJob.filter(Self.isOver).fetchCount($0) }
        return StateSize(
            databaseBytes: Self.bytes(of: file.path), logBytes: Self.bytes(of: file.path + "-wal"),
            finishedJobs: finished)
    }

    /// What somebody has put in the place of the database, in words; nil where its files are there or gone.
    var obstacle: String? {
        DatabaseFile.obstacle(at: file.path).map { "\(file.path) cannot be used: \($0.words)" }
    }

    /// A copy of the state as it is at this moment, in a new file; work on this one goes on meanwhile. Blocks on the
    /// disk.
    package func copy(to target: URL) throws {
        try pool.vacuum(into: target.path(percentEncoded: false))
    }

    /// What a person reads of an error of this database, with its place and what to do where it is no damage.
    func words(for error: any Error) -> String {
        guard let error = error as? DatabaseError, let obstacle = StateObstacle(error) else { return error.explanation }
        return "\(file.path) cannot be written: \(obstacle.words)"
    }

    static var isOver: SQLExpression {
        [JobStatus.State.finished, .failed, .cancelled].map(\.rawValue).contains(Column("state"))
    }

    private static func prune(_ policy: RetentionPolicy, in database: Database) throws -> PrunedState {
        var pruned = PrunedState()
        let newest = try Int.fetchOne(
            database,
            StoredJob.filter(isOver).select(Column("number")).order(Column("number").desc)
                .limit(1, offset: policy.jobs))
        if let newest {
            try Counter.rememberJobs(in: database)
            pruned.jobs = try StoredJob.filter(isOver && Column("number") <= newest).deleteAll(database)
            try deleteOrphans(in: database)
        }
        pruned.traces = try keepNewest(policy.traces, of: StoredTrace.self, in: database)
        pruned.promotions = try keepNewest(policy.promotions, of: StoredPromotion.self, in: database)
        return pruned
    }

    /// Rows are numbered as they come; replacing one numbers it anew.
    private static func keepNewest<Record: StoredRecord>(
        _ count: Int, of record: Record.Type, in database: Database
    ) throws -> Int {
        let rowID = Column("rowid")
        let newest = try Int64.fetchOne(
            database, Record.select(rowID).order(rowID.desc).limit(1, offset: count))
        guard let newest else { return 0 }
        return try Record.filter(rowID <= newest).deleteAll(database)
    }

    /// What was kept of jobs that are gone.
    private static func deleteOrphans(in database: Database) throws {
        for table in [StoredEvaluation.databaseTableName, StoredTrace.databaseTableName] {
            try database.execute(sql: "DELETE FROM \(table) WHERE job NOT IN (SELECT id FROM jobs)")
        }
    }

    /// 0 where there is no file.
    private static func bytes(of path: String) -> Int {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return 0 }
        return Int(status.st_size)
    }
}
