package import JobProtocol
package import Datasets
package import Foundation
package import Training

/// A job that is not over.
package struct Job: Codable, Sendable, Equatable {
    package enum State: Codable, Sendable, Equatable {
        case preparing
        case waiting
        case running(Generation)
    }

    package let id: String
    package let number: Int
    package let specification: JobSpecification
    package let source: String
    package let submitted: Date
    /// What the checks of the job found when it was submitted, and its preparation in the data and in its base.
    package var warnings: [String]
    /// Whether the workers record what they do when.
    package let profile: Bool
    package var state: State
    /// What it waits for.
    package var detail: String
    package var started: Date?
    /// Number of its newest generation; 0 before the first.
    package var generation: UInt64 = 0
    package var plan: DataPlan?
    package var start: StartingPoint?
    package var checkpoint: CheckpointReference?
    package var curve: [EpochRecord] = []
    /// Preparations of its data that have begun.
    package var preparations = 0
    /// Generations that failed since the last checkpoint, and in all.
    package var failures = 0
    package var failuresInAll = 0
    package var lastFailure = ""
    /// In memory only: the generation of which `lastFailure` speaks.
    package var failedGeneration: UInt64?
    /// Not before this may the next generation start.
    package var pausedUntil: ContinuousClock.Instant?
    /// In memory only: the worker whose disk had no room for the last generation, until the next one starts.
    package var workerWithoutRoom: String?
    /// In memory only: all those since the last checkpoint, the newest last.
    package var workersWithoutRoom: [String] = []
    /// In memory only: found in the store, so until then its workers may still come back.
    package var returnsUntil: ContinuousClock.Instant?
    /// In memory only: it is to be cancelled once that can be stored, and does nothing until then.
    package var isHalted = false
    /// In memory only: the newest word of rank 0.
    package var progress: ProgressReport?

    package init(
        id: String, number: Int, specification: JobSpecification, source: String, submitted: Date,
        warnings: [String] = [], profile: Bool = false, start: StartingPoint? = nil
    ) {
        self.id = id
        self.number = number
        self.specification = specification
        self.source = source
        self.submitted = submitted
        self.warnings = warnings
        self.profile = profile
        self.start = start
        self.state = .preparing
        self.detail = "reads \(specification.data.path)"
    }

    package var running: Generation? {
        if case .running(let generation) = state { return generation }
        return nil
    }

    /// Workers of a full generation: no more than there are slices to compute.
    package var workersAsked: Int { min(specification.train.workers, specification.train.slices) }

    /// The first generation starts with all workers; a later one takes what is left, so that a lost worker does not
    /// hold the job up.
    package var workersNeeded: Int { generation == 0 ? workersAsked : 1 }
}
