/// What upkeep took away of the coordinator's state.
package struct PrunedState: Codable, Sendable, Equatable {
    package var jobs = 0
    package var traces = 0
    package var promotions = 0

    package init(jobs: Int = 0, traces: Int = 0, promotions: Int = 0) {
        self.jobs = jobs
        self.traces = traces
        self.promotions = promotions
    }
}

/// What the coordinator's state takes of the disk, and how many jobs that are over it holds.
package struct StateSize: Codable, Sendable, Equatable {
    package var databaseBytes: Int
    package var logBytes: Int
    package var finishedJobs: Int

    package init(databaseBytes: Int, logBytes: Int, finishedJobs: Int) {
        self.databaseBytes = databaseBytes
        self.logBytes = logBytes
        self.finishedJobs = finishedJobs
    }
}
