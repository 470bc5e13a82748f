package import ClusterProtocol
package import Foundation
package import Training

/// What `martlet job show` prints.
package struct JobStatus: DocumentAnswer {
    package enum State: String, Codable, Sendable {
        /// The data is being indexed and checked.
        case preparing
        /// Waits for workers; `detail` says for how many.
        case waiting
        case running
        case finished
        case failed
        case cancelled

        package var isFinal: Bool { self == .finished || self == .failed || self == .cancelled }
    }

    package var id: String
    package var name: String
    package var state: State
    /// What it waits for, or why it ended.
    package var detail: String
    package var submitted: Date
    package var started: Date?
    package var ended: Date?
    package var generation: UInt64
    package var workers: [String]
    package var progress: ProgressReport?
    /// Why nothing of the job can be stored at the moment, such as a full disk; nil when all is well.
    package var storageProblem: String?
    /// Thinned, as `[EpochRecord].thinned` says.
    package var curve: [EpochRecord]
    package var metrics: [String: Double]
    /// What the checks of the job found when it was submitted, and its preparation in the data and in its base.
    package var warnings: [String]
    /// The version it made, once finished.
    package var version: Int?
    package var specification: JobSpecification

    package init(
        id: String, name: String, state: State, detail: String, submitted: Date, started: Date? = nil,
        ended: Date? = nil, generation: UInt64 = 0, workers: [String] = [], progress: ProgressReport? = nil,
        curve: [EpochRecord] = [], metrics: [String: Double] = [:], warnings: [String] = [], version: Int? = nil,
        specification: JobSpecification
    ) {
        self.id = id
        self.name = name
        self.state = state
        self.detail = detail
        self.submitted = submitted
        self.started = started
        self.ended = ended
        self.generation = generation
        self.workers = workers
        self.progress = progress
        self.curve = curve
        self.metrics = metrics
        self.warnings = warnings
        self.version = version
        self.specification = specification
    }
}

extension JobStatus {
    package func check() throws(DocumentProblem) {
        try Check.text(id, "id")
        try curve.check()
        try progress?.check()
    }
}
