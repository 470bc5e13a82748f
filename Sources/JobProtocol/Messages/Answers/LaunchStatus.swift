package import ClusterProtocol
package import Foundation

/// What `martlet status` and `martlet jobs` show of a launch.
package struct LaunchStatus: DocumentAnswer {
    package enum State: String, Codable, Sendable {
        /// For workers; `detail` says for how many.
        case waiting
        case running
        case finished
        case failed
        case cancelled

        package var isFinal: Bool { self == .finished || self == .failed || self == .cancelled }
    }

    package var id: String
    package var state: State
    /// What it waits for, or why it ended.
    package var detail: String
    package var command: RankCommand
    package var workersAsked: Int
    /// In rank order, once it runs.
    package var workers: [String]
    package var submitted: Date
    package var started: Date?
    package var ended: Date?

    package init(
        id: String, state: State, detail: String, command: RankCommand, workersAsked: Int, workers: [String],
        submitted: Date, started: Date?, ended: Date?
    ) {
        self.id = id
        self.state = state
        self.detail = detail
        self.command = command
        self.workersAsked = workersAsked
        self.workers = workers
        self.submitted = submitted
        self.started = started
        self.ended = ended
    }
}

extension LaunchStatus {
    package func check() throws(DocumentProblem) {
        try Check.text(id, "id")
        try Check.count(workersAsked, "workersAsked", in: 1...Check.ranks)
    }
}
