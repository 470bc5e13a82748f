import Foundation
import Testing
import Threads

@Suite struct MonotonicConditionTests {
    @Test func aDeadlineThatHasPassedEndsTheWaitAtOnce() {
        let condition = MonotonicCondition()
        #expect(condition.withLock { !condition.wait(until: .now - .seconds(1)) })
    }

    @Test func theWaitLastsUntilTheDeadlineAndNoShorter() {
        let condition = MonotonicCondition()
        let deadline = ContinuousClock.now + .milliseconds(30)
        condition.withLock {
            while condition.wait(until: deadline) {}
        }
        #expect(.now >= deadline)
    }

    @Test func aBroadcastEndsTheWait() async throws {
        final class Shared: @unchecked Sendable {
            let condition = MonotonicCondition()
            // Guarded by `condition`.
            var isSet = false
        }
        let shared = Shared()
        let waiting = Task {
            try await NamedThread.run("waits") {
                shared.condition.withLock {
                    let deadline = ContinuousClock.now + .seconds(3600)
                    while !shared.isSet { _ = shared.condition.wait(until: deadline) }
                    return shared.isSet
                }
            }
        }
        shared.condition.withLock {
            shared.isSet = true
            shared.condition.broadcast()
        }
        #expect(try await waiting.value)
    }
}
