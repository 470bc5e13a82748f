import Foundation
import Testing

@testable import ClusterProtocol
@testable import LocalCluster

/// When nodes are started again, to the millisecond.
@Suite struct SupervisionTests {
    private var supervision = Supervision(
        policy: .init(firstPause: .milliseconds(500), longestPause: .seconds(3), settled: .seconds(60)))
    private var now = Moment.now

    private mutating func pass(_ duration: Duration) { now = now.advanced(by: duration) }

    /// Ends the node, and gives how long it takes until it is due.
    private mutating func pauseAfterEnd() -> Duration? {
        supervision.ended("worker-0", at: now, reason: "killed")
        for milliseconds in 0...5000 {
            let later = now.advanced(by: .milliseconds(milliseconds))
            guard supervision.due(at: later) == ["worker-0"] else { continue }
            now = later
            supervision.startedAgain("worker-0", at: now)
            return .milliseconds(milliseconds)
        }
        return nil
    }

    @Test mutating func pausesDoubleUpToTheLongest() {
        supervision.runs("worker-0", at: now)
        let pauses = (0..<5).map { _ in pauseAfterEnd() }
        #expect(pauses == [.milliseconds(500), .seconds(1), .seconds(2), .seconds(3), .seconds(3)])
        #expect(supervision.records["worker-0"]?.restarts == 5)
    }

    @Test mutating func oneThatHasRunForAWhileBeginsAnew() {
        supervision.runs("worker-0", at: now)
        _ = pauseAfterEnd()
        _ = pauseAfterEnd()
        pass(.milliseconds(59_999))
        #expect(pauseAfterEnd() == .seconds(2))
        pass(.seconds(60))
        #expect(pauseAfterEnd() == .milliseconds(500))
    }

    @Test mutating func anEndIsToldOnceAndKeptWithItsReason() {
        supervision.runs("worker-0", at: now)
        supervision.ended("worker-0", at: now, reason: "first")
        let first = supervision.records
        pass(.milliseconds(100))
        supervision.ended("worker-0", at: now, reason: "second")
        #expect(supervision.records == first)
        #expect(
            first["worker-0"]
                == RestartRecord(
                    restarts: 0, lastReason: "first", lastEnd: first["worker-0"]?.lastEnd ?? .distantPast,
                    nextTry: first["worker-0"]?.lastEnd.addingTimeInterval(0.5)))
    }

    @Test mutating func whatSomeoneElseStartedIsNotDue() {
        supervision.runs("worker-0", at: now)
        supervision.ended("worker-0", at: now, reason: "killed")
        supervision.runs("worker-0", at: now)
        pass(.seconds(10))
        #expect(supervision.due(at: now) == [])
        #expect(supervision.records["worker-0"]?.nextTry == nil)
        #expect(supervision.records["worker-0"]?.restarts == 0)
    }

    @Test mutating func aNodeThatWasGoneBeforeIsStartedToo() {
        supervision.ended("gateway-0", at: now, reason: "unknown")
        pass(.milliseconds(500))
        #expect(supervision.due(at: now) == ["gateway-0"])
    }

    @Test func reasonsComeFromTheSystemAndFromTheLog() {
        #expect(ProcessEnd.reason(status: 9, log: "") == "it was ended by signal 9 (SIGKILL)")
        #expect(ProcessEnd.reason(status: 1 << 8, log: "nothing of note") == "it ended with status 1")
        #expect(ProcessEnd.reason(status: nil, log: "") == "it ended without a word: killed, most likely")
        let orderly = "ts=1 level=info node=gateway-0 msg=joined\nts=2 level=info node=gateway-0 msg=ended\n"
        let asked = "it ended as it was asked to, by SIGTERM or SIGINT"
        #expect(ProcessEnd.reason(status: nil, log: orderly) == asked)
        #expect(ProcessEnd.reason(status: 0, log: orderly) == asked)
        #expect(ProcessEnd.reason(status: 9, log: orderly) == "it was ended by signal 9 (SIGKILL)")
        #expect(ProcessEnd.reason(status: nil, log: orderly + "ts=3 level=info node=gateway-0 msg=joined") != asked)
        let critical =
            "ts=1 level=critical node=a msg=\"ended by an error\" error=\"keyring.json: cannot open it\"\nError: x"
        #expect(
            ProcessEnd.reason(status: 1 << 8, log: critical)
                == "it ended with status 1: keyring.json: cannot open it")
        #expect(
            ProcessEnd.reason(status: 5, log: "a.swift:3: Fatal error: Index out of range\n\n0 f at a.swift")
                == "it was ended by signal 5 (SIGTRAP): Index out of range")
    }
}
