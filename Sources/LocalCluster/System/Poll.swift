/// Asks again and again whether something outside this process has come true: files and other processes tell nobody.
/// False when `limit` passed first.
func poll(
    for limit: Duration, every interval: Duration = .milliseconds(10), until condition: () async throws -> Bool
) async throws -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while true {
        if try await condition() { return true }
        if clock.now >= end { return false }
        try await clock.sleep(for: interval)
    }
}
