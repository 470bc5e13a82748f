/// Pauses between attempts: doubling from `first` to `limit`, each shortened at random by up to a half, so that nodes
/// that lost the coordinator together do not all come back in the same instant.
struct Backoff {
    private var next: Duration
    private let limit: Duration

    init(first: Duration = .milliseconds(50), limit: Duration = .seconds(1)) {
        next = first
        self.limit = limit
    }

    mutating func pause() -> Duration {
        defer { next = min(next * 2, limit) }
        return next * Double.random(in: 0.5...1)
    }
}
