/// Lets something happen at most once in a while, however often it could: of what comes faster the newest is enough.
struct Pace {
    let interval: Duration
    private var last: ContinuousClock.Instant?

    init(every interval: Duration) {
        self.interval = interval
    }

    /// Whether an interval has passed since it last happened.
    func allows(at now: ContinuousClock.Instant) -> Bool {
        last.map { now - $0 >= interval } ?? true
    }

    mutating func happened(at now: ContinuousClock.Instant) {
        last = now
    }
}
