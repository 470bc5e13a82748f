import GRDB

/// The highest number that was ever given, for numbers whose rows are deleted: none is given twice, since people and
/// logs know things by them.
struct Counter: Codable, FetchableRecord, PersistableRecord {
    static let databaseTableName = "counters"

    enum Kind: String, Codable, DatabaseValueConvertible {
        case jobs, generations
        /// Versions of the model `name`.
        case versions
    }

    var kind: Kind
    /// Empty where there is one counter of the kind.
    var name: String
    var value: Int64

    static func value(of kind: Kind, in database: Database) throws -> Int64 {
        try Int64.fetchOne(database, filter(Column("kind") == kind.rawValue).select(Column("value"))) ?? 0
    }

    /// By model.
    static func versions(in database: Database) throws -> [String: Int] {
        let counters = try filter(Column("kind") == Kind.versions.rawValue).fetchAll(database)
        return Dictionary(uniqueKeysWithValues: counters.map { ($0.name, Int($0.value)) })
    }

    /// Before jobs are deleted.
    static func rememberJobs(in database: Database) throws {
        for (kind, column) in [(Kind.jobs, "number"), (.generations, "generation")] {
            let highest = try Int64.fetchOne(database, sql: "SELECT MAX(\(column)) FROM jobs") ?? 0
            try raise(kind, "", to: highest, in: database)
        }
    }

    static func raise(_ kind: Kind, _ name: String, to value: Int64, in database: Database) throws {
        let known = try Counter.fetchOne(database, key: ["kind": kind.rawValue, "name": name])?.value ?? 0
        try Counter(kind: kind, name: name, value: max(known, value)).upsert(database)
    }
}
