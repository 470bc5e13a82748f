package import Training

/// What an operator's command line may ask of the coordinator. The kind of the document is `operator.<name>`; the
/// answer is a document of the same kind, or a failure.
package enum OperatorCall {
    /// `operator.submit` -> `JobStatus`.
    package struct Submit: Codable, Sendable {
        package var specification: JobSpecification
        /// The job file as it was written, for the record.
        package var source: String
        /// What the checks of the job found, for the record.
        package var warnings: [String]
        /// Whether the workers record what they do when.
        package var profile: Bool

        package init(
            specification: JobSpecification, source: String, warnings: [String] = [], profile: Bool = false
        ) {
            self.specification = specification
            self.source = source
            self.warnings = warnings
            self.profile = profile
        }
    }

    /// `operator.job` and `operator.cancel` -> `JobStatus`; `operator.report` -> `JobReport`; `operator.trace` ->
    /// `JobTrace`.
    package struct Job: Codable, Sendable {
        package var id: String

        package init(id: String) { self.id = id }
    }

    /// `operator.jobs` -> `[JobStatus]`, `operator.models` -> `[ModelStatus]`, `operator.status` -> `ClusterStatus`.
    package struct Nothing: Codable, Sendable {
        package init() {}
    }

    /// `operator.launch` -> `LaunchStatus`.
    package struct Launch: Codable, Sendable {
        package var name: String
        package var workers: Int
        package var command: RankCommand

        package init(name: String, workers: Int, command: RankCommand) {
            self.name = name
            self.workers = workers
            self.command = command
        }
    }

    /// `operator.launch-output` -> `LaunchReport`. `operator.cancel-launch` takes a `Job` -> `LaunchStatus`.
    package struct LaunchOutput: Codable, Sendable {
        package var id: String
        /// The number that the report before gave, at first 0.
        package var after: Int

        package init(id: String, after: Int) {
            self.id = id
            self.after = after
        }
    }

    /// `operator.model` -> `ModelStatus`.
    package struct Model: Codable, Sendable {
        package var name: String

        package init(name: String) { self.name = name }
    }

    /// `operator.promote` -> `Promotion`, once it is over.
    package struct Promote: Codable, Sendable {
        package var name: String
        package var version: Int
        package var alias: String
        package var force: Bool
        package var reason: String
        package init(name: String, version: Int, alias: String, force: Bool, reason: String) {
            self.name = name
            self.version = version
            self.alias = alias
            self.force = force
            self.reason = reason
        }
    }

    /// `operator.rollback` -> `Promotion`.
    package struct Rollback: Codable, Sendable {
        package var name: String
        package var alias: String

        package init(name: String, alias: String) {
            self.name = name
            self.alias = alias
        }
    }

    package struct Promotion: Codable, Sendable, Equatable {
        package var name: String
        package var alias: String
        package var version: Int
        package var previous: Int?
        package var replicas: [String]
        package var routingEpoch: UInt64
        /// Gateways that had not said in time that they route by it; nil: all do.
        package var behind: [String]?

        package init(
            name: String, alias: String, version: Int, previous: Int?, replicas: [String], routingEpoch: UInt64,
            behind: [String]? = nil
        ) {
            self.name = name
            self.alias = alias
            self.version = version
            self.previous = previous
            self.replicas = replicas
            self.routingEpoch = routingEpoch
            self.behind = behind
        }
    }

    /// `operator.delete-model` -> `Deletion`.
    package struct DeleteModel: Codable, Sendable {
        package var name: String
        /// Nil: all versions.
        package var version: Int?

        package init(name: String, version: Int?) {
            self.name = name
            self.version = version
        }
    }

    /// `operator.delete-alias` -> `Deletion`, once gateways route without it.
    package struct DeleteAlias: Codable, Sendable {
        package var name: String
        package var alias: String

        package init(name: String, alias: String) {
            self.name = name
            self.alias = alias
        }
    }

    /// What is gone. Also the answer to `operator.delete-job`, which takes a `Job`.
    package struct Deletion: Codable, Sendable, Equatable {
        /// "digits:2", "digits@canary", "digits-7".
        package var deleted: [String]
        /// Gateways that had not said in time that they route without it; nil: all do.
        package var behind: [String]?

        package init(deleted: [String], behind: [String]? = nil) {
            self.deleted = deleted
            self.behind = behind
        }
    }

    /// `operator.gc` takes `Nothing`: what it found that nothing needs, and removed.
    package struct Collection: Codable, Sendable, Equatable {
        package var contents: Int
        package var contentBytes: Int
        /// Why contents were left alone; nil when they were looked through.
        package var skipped: String?
        package var pruned: StateStore.Pruned
        package var before: StateStore.Size
        package var after: StateStore.Size
    }

    /// `operator.backup` takes `Nothing`: a folder on the coordinator's machine, complete and of one moment, to be moved
    /// away. The coordinator removes it at its next start or backup.
    package struct Backup: Codable, Sendable, Equatable {
        package var folder: String
        package var summary: BackupSummary
    }
}
