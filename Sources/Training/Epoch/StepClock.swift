/// Throughput as people want to see it: recent, but smooth.
struct StepClock {
    private let clock = ContinuousClock()
    private var last: ContinuousClock.Instant
    private(set) var samplesPerSecond = 0.0

    /// Share of the newest step in the average.
    private static let weight = 0.05

    init() {
        last = clock.now
    }

    mutating func stepped(rows: Int) {
        let now = clock.now
        let seconds = max(now - last, .nanoseconds(1)) / .seconds(1)
        last = now
        let rate = Double(rows) / seconds
        samplesPerSecond = samplesPerSecond == 0 ? rate : samplesPerSecond + Self.weight * (rate - samplesPerSecond)
    }
}
