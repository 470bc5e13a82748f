package struct WorkerReport: Codable, Sendable, Equatable {
    /// The generation this worker is in; nil when idle. A coordinator that restarts learns from this what still runs.
    package var job: String?
    package var generation: UInt64?

    package init(job: String? = nil, generation: UInt64? = nil) {
        self.job = job
        self.generation = generation
    }
}
