package import ClusterProtocol
package import Foundation
package import Training

/// A job as it stands in lists: what tables show of it. Of the loss curve there is the last epoch alone, and nothing of
/// what the job specifies but two numbers, so that no job is too large or too deep for a list that others are in.
package struct JobSummary: CheckedDocument, Equatable {
    package var id: String
    package var name: String
    package var state: JobStatus.State
    /// What it waits for, or why it ended.
    package var detail: String
    package var submitted: Date
    package var started: Date?
    package var ended: Date?
    package var generation: UInt64
    package var workers: [String]
    /// `train.workers` and `train.epochs` of the job file; nil from a coordinator that does not tell.
    package var workersAsked: Int?
    package var epochs: Int?
    package var progress: ProgressReport?
    /// Why nothing of the job can be stored at the moment, such as a full disk; nil when all is well.
    package var storageProblem: String?
    /// The last epoch.
    package var curve: [EpochRecord]
    package var metrics: [String: Double]
    package var warnings: [String]
    /// The version it made, once finished.
    package var version: Int?

    package init(of status: JobStatus) {
        id = status.id
        name = status.name
        state = status.state
        detail = status.detail
        submitted = status.submitted
        started = status.started
        ended = status.ended
        generation = status.generation
        workers = status.workers
        workersAsked = status.specification.train.workers
        epochs = status.specification.train.epochs
        progress = status.progress
        storageProblem = status.storageProblem
        curve = Array(status.curve.suffix(1))
        metrics = status.metrics
        warnings = status.warnings
        version = status.version
    }
}

extension JobSummary {
    package func check() throws(DocumentProblem) {
        try Check.text(id, "id")
        try curve.check()
        try progress?.check()
    }
}
