import ControlPlane
import Foundation
import GRDB

extension StateStore {
    /// Only ever added to: a coordinator must be able to open what any earlier one has written.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1") { database in
            try database.create(table: "cluster") { table in
                table.primaryKey("id", .text)
                table.column("created", .double).notNull()
            }
            try database.execute(
                sql: "INSERT INTO cluster (id, created) VALUES (?, ?)",
                arguments: [UUID().uuidString.lowercased(), Date().timeIntervalSince1970])
            try createJobTables(in: database)
            try createModelTables(in: database)
        }
        migrator.registerMigration("starting points") { database in
            try database.alter(table: StoredJob.databaseTableName) { $0.add(column: "start", .text) }
        }
        migrator.registerMigration("reports") { database in
            try database.alter(table: StoredJob.databaseTableName) { table in
                table.add(column: "warnings", .text).notNull().defaults(to: "[]")
                table.add(column: "profile", .boolean).notNull().defaults(to: false)
                table.add(column: "data", .text)
            }
            for (name, content) in [
                (StoredEvaluation.databaseTableName, "evaluation"), (StoredTrace.databaseTableName, "trace"),
            ] {
                try database.create(table: name) { table in
                    table.primaryKey("job", .text)
                    table.column(content, .text).notNull()
                }
            }
        }
        migrator.registerMigration("counters") { database in
            try database.create(table: Counter.databaseTableName) { table in
                table.column("kind", .text).notNull()
                table.column("name", .text).notNull()
                table.column("value", .integer).notNull()
                table.primaryKey(["kind", "name"])
            }
        }
        migrator.registerMigration("preparations") { database in
            try database.alter(table: StoredJob.databaseTableName) { table in
                table.add(column: "preparations", .integer).notNull().defaults(to: 0)
            }
        }
        migrator.registerMigration("failures in all") { database in
            try database.alter(table: StoredJob.databaseTableName) { table in
                table.add(column: "failuresInAll", .integer).notNull().defaults(to: 0)
            }
        }
        return migrator
    }

    private static func createJobTables(in database: Database) throws {
        try database.create(table: StoredJob.databaseTableName) { table in
            table.primaryKey("id", .text)
            table.column("number", .integer).notNull().unique()
            table.column("specification", .text).notNull()
            table.column("source", .text).notNull()
            table.column("state", .text).notNull().indexed()
            table.column("detail", .text).notNull()
            table.column("submitted", .double).notNull()
            table.column("started", .double)
            table.column("ended", .double)
            table.column("generation", .integer).notNull()
            table.column("members", .text).notNull()
            table.column("checkpoint", .text)
            table.column("curve", .text).notNull()
            table.column("metrics", .text).notNull()
            table.column("version", .integer)
            table.column("failures", .integer).notNull()
            table.column("lastFailure", .text).notNull()
        }
        try database.create(table: StoredPlan.databaseTableName) { table in
            table.primaryKey("job", .text)
            table.column("plan", .text).notNull()
        }
    }

    private static func createModelTables(in database: Database) throws {
        try database.create(table: StoredVersion.databaseTableName) { table in
            table.column("name", .text).notNull()
            table.column("version", .integer).notNull()
            table.column("manifest", .text).notNull()
            table.column("details", .text).notNull()
            table.column("gate", .text).notNull()
            table.column("registered", .double).notNull()
            table.primaryKey(["name", "version"])
        }
        try database.create(table: StoredAlias.databaseTableName) { table in
            table.column("name", .text).notNull()
            table.column("alias", .text).notNull()
            table.column("version", .integer).notNull()
            table.column("previous", .integer)
            table.primaryKey(["name", "alias"])
        }
        try database.create(table: StoredPromotion.databaseTableName) { table in
            table.column("kind", .text).notNull()
            table.column("name", .text).notNull().indexed()
            table.column("alias", .text).notNull()
            table.column("version", .integer).notNull()
            table.column("previous", .integer)
            table.column("operatorName", .text).notNull()
            table.column("forced", .boolean).notNull()
            table.column("reason", .text).notNull()
            table.column("date", .double).notNull()
            table.column("routingEpoch", .integer).notNull()
        }
        try database.create(table: StoredRouting.databaseTableName) { table in
            table.primaryKey("id", .integer).check { $0 == StoredRouting.onlyID }
            table.column("routingTable", .text).notNull()
        }
    }
}
