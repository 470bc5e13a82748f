/// When logs that could not be set aside are tried again: each try copies a whole log, and a disk that is nearly full stays
/// so for a while. A value without clock or files.
struct RotationTries: Sendable, Equatable {
    private struct Failure: Equatable {
        var nextTry: ContinuousClock.Instant
        /// After the next failure.
        var pause: Duration
    }

    private static let firstPause = Duration.seconds(60)
    private static let longestPause = Duration.seconds(60 * 60)
    /// Of the logs whose last try failed.
    private var failures: [String: Failure] = [:]

    func isDue(_ log: String, at now: ContinuousClock.Instant) -> Bool {
        failures[log].map { $0.nextTry <= now } ?? true
    }

    mutating func succeeded(_ log: String) {
        failures[log] = nil
    }

    /// Returns whether it is the first failure since a success.
    mutating func failed(_ log: String, at now: ContinuousClock.Instant) -> Bool {
        let isFirst = failures[log] == nil
        let pause = failures[log]?.pause ?? Self.firstPause
        failures[log] = Failure(nextTry: now + pause, pause: min(pause * 2, Self.longestPause))
        return isFirst
    }
}
