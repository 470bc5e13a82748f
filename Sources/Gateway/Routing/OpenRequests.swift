/// What a node owes over one link, and since when it has not been heard of. A value without clock.
struct OpenRequests: Equatable {
    /// Requests that wait for an answer.
    private(set) var count = 0
    /// Since when; nil while nothing is owed.
    private(set) var quietSince: ContinuousClock.Instant?

    mutating func begin(at now: ContinuousClock.Instant) {
        if count == 0 { quietSince = now }
        count += 1
    }

    /// The node has said something, whatever it was: it lives.
    mutating func heard(at now: ContinuousClock.Instant) {
        if count > 0 { quietSince = now }
    }

    mutating func end() {
        count -= 1
        if count == 0 { quietSince = nil }
    }

    /// Whether answers are owed, and nothing was heard since `time`.
    func isQuiet(since time: ContinuousClock.Instant) -> Bool {
        quietSince.map { $0 <= time } ?? false
    }
}
