/// The bounds of the scheduler.
package struct SchedulingPolicy: Codable, Sendable, Equatable {
    /// Jobs that are not over; another submission is refused.
    package var activeJobs: Int
    /// Generations that may fail without a new checkpoint before the job is given up.
    package var attempts: Int
    /// Generations that may fail in all, also if each of them made some progress.
    package var attemptsInAll: Int
    /// Pause before the next generation of a job for which the disk of a worker had no room. Such a generation is no
    /// failed one, and there is no bound on their number.
    package var pauseForRoom: Duration
    /// Preparations of a job's data that may begin and come to no end before the job is given up.
    package var preparationAttempts: Int
    /// How long a coordinator that has just started waits for the workers of its running jobs to come back.
    package var restartGrace: Duration
    /// How long a worker may take to leave a generation before the job goes on without it.
    package var stopTimeout: Duration
    /// How long the ranks may be apart in saying that a checkpoint is complete.
    package var checkpointTimeout: Duration
    /// Launches that are over and can still be asked for.
    package var endedLaunches: Int

    package init(
        activeJobs: Int = 100, attempts: Int = 10, attemptsInAll: Int = 100,
        pauseForRoom: Duration = .seconds(5), preparationAttempts: Int = 2,
        restartGrace: Duration = .seconds(5),
        stopTimeout: Duration = .seconds(2), checkpointTimeout: Duration = .seconds(60),
        endedLaunches: Int = 20
    ) {
        self.activeJobs = activeJobs
        self.attempts = attempts
        self.attemptsInAll = attemptsInAll
        self.pauseForRoom = pauseForRoom
        self.preparationAttempts = preparationAttempts
        self.restartGrace = restartGrace
        self.stopTimeout = stopTimeout
        self.checkpointTimeout = checkpointTimeout
        self.endedLaunches = endedLaunches
    }

    /// Pause before the next try: none after the first failure, then doubling from half a second to eight.
    package func pause(afterFailures failures: Int) -> Duration {
        failures < 2 ? .zero : .milliseconds(500) * (1 << min(failures - 2, 4))
    }
}
