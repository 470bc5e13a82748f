import Testing

@testable import Messaging

@Suite struct LogThrottleTests {
    @Test func oneLineASecondForEachSubject() {
        let log = LogCollector()
        var throttle = LogThrottle(log.logger)
        for now in [0, 1, 2] as [UInt64] { throttle.warn("dropped", "a", now: now) }
        throttle.warn("refused", "b", now: 3)
        throttle.warn("dropped", "c", now: 1_000_000_000)
        #expect(log.lines.count == 3)
        #expect(log.lines[0].contains("dropped: a"))
        #expect(log.lines[1].contains("refused: b"))
        #expect(log.lines[2].contains("dropped: c (and 2 more like it)"))
    }
}
