/// How much is kept of what is over: rows that nothing needs, for people to look at. The newest stay.
package struct RetentionPolicy: Codable, Sendable, Equatable {
    /// Jobs that are over, each with its curve and what its model makes of the test part.
    package var jobs: Int
    /// Recordings of what workers did when, which are large.
    package var traces: Int
    /// Lines of the record of promotions and rollbacks.
    package var promotions: Int

    /// At least the newest stays.
    package static let jobsAllowed = 1...1_000_000

    package init(jobs: Int = 1000, traces: Int = 20, promotions: Int = 10_000) {
        self.jobs = jobs
        self.traces = traces
        self.promotions = promotions
    }
}
