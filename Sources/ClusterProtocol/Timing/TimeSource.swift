/// Where a shell has the time from, so that tests can give it theirs.
package struct TimeSource: Sendable {
    package var now: @Sendable () -> Moment
    package var sleep: @Sendable (Duration) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Moment, sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    package static let system = TimeSource(now: { .now }, sleep: { try await Task.sleep(for: $0) })
}
