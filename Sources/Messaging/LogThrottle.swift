package import Logging

/// Logs at most one line a second for each subject, and says how many it left out. What peers do wrong must be seen,
/// and must not fill a disk.
package struct LogThrottle {
    private struct Subject {
        var next: UInt64
        var omitted: Int
    }

    private static let interval: UInt64 = 1_000_000_000

    private let logger: Logger
    private var subjects: [String: Subject] = [:]

    package init(_ logger: Logger) {
        self.logger = logger
    }

    /// `subject` must be one of a fixed few.
    package mutating func warn(_ subject: String, _ message: @autoclosure () -> String) {
        warn(subject, message(), now: Time.monotonic)
    }

    mutating func warn(_ subject: String, _ message: @autoclosure () -> String, now: UInt64) {
        var state = subjects[subject] ?? Subject(next: 0, omitted: 0)
        if now < state.next {
            state.omitted += 1
        } else {
            let omitted = state.omitted == 0 ? "" : " (and \(state.omitted) more like it)"
            logger.warning("\(subject): \(message())\(omitted)")
            state = Subject(next: now + Self.interval, omitted: 0)
        }
        subjects[subject] = state
    }
}
