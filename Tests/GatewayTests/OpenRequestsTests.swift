import Testing

@testable import Gateway

/// Since when a node owes answers and is quiet.
@Suite struct OpenRequestsTests {
    private let start = ContinuousClock.now

    private func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    /// From the first request that it owes, or from when it was last heard of, until it owes nothing.
    @Test func knowsSinceWhen() {
        var open = OpenRequests()
        #expect(!open.isQuiet(since: at(100)))
        open.begin(at: at(1))
        open.begin(at: at(2))
        #expect(!open.isQuiet(since: at(0.5)) && open.isQuiet(since: at(1)))
        open.heard(at: at(3))
        #expect(!open.isQuiet(since: at(2)) && open.isQuiet(since: at(3)))
        open.end()
        #expect(open.isQuiet(since: at(3)), "an end alone is no sign of life")
        open.end()
        #expect(!open.isQuiet(since: at(100)) && open.count == 0)
        open.heard(at: at(6))
        #expect(open == OpenRequests())
    }
}
