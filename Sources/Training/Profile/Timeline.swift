package import Foundation

/// What one worker did when, over the last steps that there is room for. Made only when a profile is asked for.
///
/// Records on the training thread alone, into memory taken beforehand, and the newest spans replace the oldest: what is
/// kept is bounded and recording costs two readings of the clock.
package final class Timeline {
    package struct Span: Codable, Sendable, Equatable {
        /// Index into `Recording.names`.
        package var name: Int
        /// Microseconds since the recording's origin.
        package var start: Int
        /// Microseconds.
        package var duration: Int

        package init(name: Int, start: Int, duration: Int) {
            self.name = name
            self.start = start
            self.duration = duration
        }
    }

    /// What was recorded, for others.
    package struct Recording: Codable, Sendable, Equatable {
        /// Of the worker.
        package var worker: String
        /// By the worker's wall clock.
        package var origin: Date
        package var names: [String]
        /// In the order in which they ended.
        package var spans: [Span]
        /// Spans that were replaced by newer ones.
        package var dropped: Int

        package init(worker: String, origin: Date, names: [String], spans: [Span], dropped: Int) {
            self.worker = worker
            self.origin = origin
            self.names = names
            self.spans = spans
            self.dropped = dropped
        }
    }

    /// Names of one recording, of networks with more layers than one can look at.
    package static let nameLimit = 1 << 12
    private static let others = "others"

    private let worker: String
    private let origin: Date
    private let start: ContinuousClock.Instant
    private let capacity: Int
    private var names: [String] = []
    private var indices: [String: Int] = [:]
    private var spans: [Span] = []
    private var next = 0
    private var dropped = 0

    package init(worker: String, capacity: Int) {
        self.worker = worker
        self.capacity = max(1, capacity)
        origin = Date()
        start = .now
        spans.reserveCapacity(self.capacity)
    }

    /// Adds a span from `from` to `to`.
    package func record(_ name: String, from: ContinuousClock.Instant, to: ContinuousClock.Instant) {
        let span = Span(
            name: index(of: name), start: Self.microseconds(from - start),
            duration: max(0, Self.microseconds(to - from)))
        if spans.count < capacity {
            spans.append(span)
        } else {
            spans[next] = span
            dropped += 1
        }
        next = (next + 1) % capacity
    }

    package var recording: Recording {
        let ordered = spans.count < capacity ? spans : Array(spans[next...] + spans[..<next])
        return Recording(worker: worker, origin: origin, names: names, spans: ordered, dropped: dropped)
    }

    private func index(of name: String) -> Int {
        if let index = indices[name] { return index }
        // The last place is for all that find none of their own.
        if names.count >= Self.nameLimit - 1, name != Self.others { return index(of: Self.others) }
        names.append(name)
        indices[name] = names.count - 1
        return names.count - 1
    }

    private static func microseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        return Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
    }
}
