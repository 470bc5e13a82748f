package import ClusterProtocol

/// A living worker, as the scheduler sees it.
package struct ScheduledWorker: Codable, Sendable, Equatable {
    package enum State: Codable, Sendable, Equatable {
        /// Joined, but has not said yet what it is doing.
        case joined
        case idle
        case assigned(job: String, generation: UInt64)
        /// Told to leave; its job waits for it, but no longer than until `patience`.
        case stopping(job: String, generation: UInt64, patience: ContinuousClock.Instant)
        /// On its way out of a generation that is over, and nobody waits for it. Told again when `patience` ends.
        case leaving(job: String, generation: UInt64, patience: ContinuousClock.Instant)
    }

    package let name: String
    package let incarnation: UInt64
    package let endpoint: String
    package var state: State

    package func isAssigned(to job: String, generation: UInt64) -> Bool {
        state == .assigned(job: job, generation: generation)
    }

    package var generationBeingLeft: (job: String, generation: UInt64)? {
        switch state {
        case .stopping(let job, let generation, _), .leaving(let job, let generation, _): (job, generation)
        case .joined, .idle, .assigned: nil
        }
    }

    /// Whether `job` still waits for it to leave.
    package func holdsUp(_ job: String, at now: Moment) -> Bool {
        if case .stopping(job, _, let patience) = state { return now.instant < patience }
        return false
    }
}
