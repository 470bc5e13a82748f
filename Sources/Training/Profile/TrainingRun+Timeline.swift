extension TrainingRun {
    /// Does something, and records for how long if a profile was asked for.
    func timed(_ name: String, _ body: () -> Void) {
        guard let timeline else { return body() }
        let start = ContinuousClock.now
        body()
        timeline.record(name, from: start, to: .now)
    }
}
