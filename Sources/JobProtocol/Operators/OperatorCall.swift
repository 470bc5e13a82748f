package import ClusterProtocol
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
        /// Of the curve only the epochs behind this one are wanted; nil: all that are kept.
        package var curveAfter: Int?

        package init(id: String, curveAfter: Int? = nil) {
            self.id = id
            self.curveAfter = curveAfter
        }
    }

    /// `operator.jobs` -> `JobsPage`, the newest first.
    package struct Jobs: Codable, Sendable {
        /// Where the page before ended; nil: at the newest.
        package var before: Int?

        package init(before: Int? = nil) { self.before = before }
    }

    /// As many jobs as fit.
    package struct JobsPage: Codable, Sendable, Equatable {
        package var jobs: [JobSummary]
        /// What to ask for to get the next page; nil: there is none.
        package var next: Int?
        /// Jobs that there are, on all pages.
        package var total: Int

        package init(jobs: [JobSummary], next: Int?, total: Int) {
            self.jobs = jobs
            self.next = next
            self.total = total
        }
    }

    /// `operator.models` -> `ModelsPage`, in the order of names, the newest version of each model first.
    package struct Models: Codable, Sendable {
        /// Versions of this model alone; nil: of all.
        package var model: String?
        /// Where the page before ended; nil: at the beginning.
        package var after: Place?

        /// One version.
        package struct Place: Codable, Sendable, Equatable {
            package var model: String
            package var version: Int

            package init(model: String, version: Int) {
                self.model = model
                self.version = version
            }
        }

        package init(model: String? = nil, after: Place? = nil) {
            self.model = model
            self.after = after
        }
    }

    /// As many versions as fit.
    package struct ModelsPage: Codable, Sendable, Equatable {
        package struct Entry: Codable, Sendable, Equatable {
            package var model: String
            /// Of the model, by name.
            package var aliases: [String: Int]
            package var version: ModelStatus.Version

            package init(model: String, aliases: [String: Int], version: ModelStatus.Version) {
                self.model = model
                self.aliases = aliases
                self.version = version
            }
        }

        package var entries: [Entry]
        /// What to ask for to get the next page; nil: there is none.
        package var next: Models.Place?

        package init(entries: [Entry], next: Models.Place?) {
            self.entries = entries
            self.next = next
        }
    }

    /// `operator.status` -> `ClusterStatus`.
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
        /// True where the alias stood for this version before; nil: it does so since.
        package var unchanged: Bool?

        package init(
            name: String, alias: String, version: Int, previous: Int?, replicas: [String], routingEpoch: UInt64,
            behind: [String]? = nil, unchanged: Bool? = nil
        ) {
            self.name = name
            self.alias = alias
            self.version = version
            self.previous = previous
            self.replicas = replicas
            self.routingEpoch = routingEpoch
            self.behind = behind
            self.unchanged = unchanged
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
        package var pruned: PrunedState
        package var before: StateSize
        package var after: StateSize
        /// Why the state was left as it was, or half done; nil where it was not.
        package var stateProblem: String?
        /// What lies in the store and is no content; nil: nothing.
        package var obstacles: [String]?
        /// What versions and jobs refer to and the store lacks; nil: nothing.
        package var gaps: [ContentGap]?

        package init(
            contents: Int, contentBytes: Int, skipped: String? = nil, pruned: PrunedState, before: StateSize,
            after: StateSize, stateProblem: String? = nil, obstacles: [String]? = nil, gaps: [ContentGap]? = nil
        ) {
            self.contents = contents
            self.contentBytes = contentBytes
            self.skipped = skipped
            self.pruned = pruned
            self.before = before
            self.after = after
            self.stateProblem = stateProblem
            self.obstacles = obstacles
            self.gaps = gaps
        }

        /// Of the lists, so that each fits into a message.
        package static let longest = 1000
    }

    /// `operator.backup` takes `Nothing`: a folder on the coordinator's machine, complete and of one moment, to be moved
    /// away. The coordinator removes it at its next start or backup.
    package struct Backup: Codable, Sendable, Equatable {
        package var folder: String
        package var summary: BackupSummary

        package init(folder: String, summary: BackupSummary) {
            self.folder = folder
            self.summary = summary
        }
    }
}
