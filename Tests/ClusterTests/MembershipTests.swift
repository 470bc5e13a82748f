import Testing
import Wire

@testable import ClusterProtocol
@testable import JobProtocol
@testable import ControlPlane

@Suite struct MembershipTests {
    private var membership = Membership()
    private let start = Moment.start

    private mutating func join(
        _ name: String = "worker-0", incarnation: UInt64 = 1, after: Duration = .zero
    ) throws -> [Membership.Change] {
        try membership.join(
            .example(name, incarnation: incarnation), protocolVersion: protocolVersion, from: .example(name),
            at: start.advanced(by: after))
    }

    private mutating func beat(
        _ name: String = "worker-0", incarnation: UInt64 = 1, after: Duration, connection: UInt64 = 1
    ) -> [Membership.Change]? {
        membership.heartbeat(
            Heartbeat(incarnation: incarnation, cpuPercent: 12, residentBytes: 34),
            report: NodeReport(activity: "idle", worker: WorkerReport()),
            from: .example(name, connection: connection), at: start.advanced(by: after))
    }

    private func state(_ name: String = "worker-0") -> ClusterStatus.NodeStatus.State? {
        membership.members[name]?.state
    }

    @Test mutating func silenceMakesSuspectThenDead() throws {
        let changes = try join()
        #expect(changes == [.joined(try #require(membership.members["worker-0"]))])
        #expect(membership.advance(to: start.advanced(by: .milliseconds(1499))) == [])
        let suspected = membership.advance(to: start.advanced(by: .milliseconds(1500)))
        #expect(suspected == [.suspected(try #require(membership.members["worker-0"]))])
        #expect(membership.advance(to: start.advanced(by: .milliseconds(2999))) == [])
        #expect(state() == .suspect)
        let died = membership.advance(to: start.advanced(by: .seconds(3)))
        #expect(died == [.died(try #require(membership.members["worker-0"]), reason: "no heartbeat for 3 s")])
        #expect(state() == .dead)
        #expect(membership.advance(to: start.advanced(by: .seconds(60))) == [])
        #expect(membership.living(.worker) == [])
    }

    @Test mutating func heartbeatKeepsAliveAndRecoversSuspect() throws {
        _ = try join()
        #expect(beat(after: .seconds(1)) == [])
        #expect(membership.advance(to: start.advanced(by: .milliseconds(2400))) == [])
        #expect(membership.advance(to: start.advanced(by: .milliseconds(2500))).count == 1)
        let recovered = beat(after: .milliseconds(2600), connection: 2)
        #expect(recovered?.count == 1)
        #expect(state() == .alive)
        let member = try #require(membership.members["worker-0"])
        #expect(member.peer.connection == 2)
        #expect(member.status.cpuPercent == 12)
        #expect(member.status.residentBytes == 34)
        #expect(member.status.activity == "idle")
    }

    @Test mutating func unknownIncarnationMustJoinAgain() throws {
        #expect(beat(after: .zero) == nil)
        _ = try join(incarnation: 5)
        #expect(beat(incarnation: 4, after: .seconds(1)) == nil)
        #expect(beat(incarnation: 5, after: .seconds(1)) == [])
    }

    @Test mutating func newIncarnationBuriesTheOld() throws {
        _ = try join(incarnation: 1)
        let old = try #require(membership.members["worker-0"])
        let changes = try join(incarnation: 2, after: .milliseconds(100))
        guard case .died(let buried, let reason)? = changes.first, case .joined(let fresh)? = changes.last else {
            Issue.record("expected died and joined, got \(changes)")
            return
        }
        #expect(changes.count == 2)
        #expect(buried.incarnation == old.incarnation)
        #expect(reason.contains("replaced"))
        #expect(fresh.incarnation == 2)
        #expect(beat(incarnation: 1, after: .milliseconds(200)) == nil)
        #expect(state() == .alive)
    }

    @Test mutating func olderProcessDoesNotTakeTheNameBack() throws {
        _ = try join(incarnation: 2)
        let error = #expect(throws: Failure.self) { try join(incarnation: 1) }
        #expect(error?.code == .failedPrecondition)
        #expect(membership.members["worker-0"]?.incarnation == 2)
        _ = membership.advance(to: start.advanced(by: .seconds(3)))
        #expect(try join(incarnation: 1, after: .seconds(4)).count == 1)
    }

    @Test mutating func nobodyIsBlamedForTheTimeInWhichNobodyListened() throws {
        _ = try join()
        let late = start.advanced(by: .seconds(10))
        membership.excuse(.seconds(9), at: late)
        #expect(membership.advance(to: late) == [])
        membership.excuse(.seconds(9), at: late)
        #expect(membership.advance(to: late.advanced(by: .milliseconds(1499))) == [])
        #expect(membership.advance(to: late.advanced(by: .seconds(3))).count == 1)
        #expect(state() == .dead)
    }

    @Test mutating func joiningTwiceChangesNothing() throws {
        _ = try join()
        #expect(try join(after: .seconds(1)) == [])
        #expect(membership.advance(to: start.advanced(by: .milliseconds(2400))) == [])
    }

    @Test mutating func stoppedProcessThatWakesUpJoinsAnew() throws {
        _ = try join()
        _ = membership.advance(to: start.advanced(by: .seconds(3)))
        #expect(beat(after: .seconds(4)) == nil)
        #expect(try join(after: .seconds(4)).count == 1)
        #expect(state() == .alive)
    }

    @Test(arguments: [
        (Join.example("worker-0"), UInt32(2), Peer.example("worker-0"), Failure.Code.protocolMismatch, "version 2"),
        (Join.example("worker-1"), protocolVersion, Peer.example("worker-0"), .permissionDenied, "'worker-1'"),
        (
            Join.example("worker-0", .inference), protocolVersion, Peer.example("worker-0"), .permissionDenied,
            "as inference"
        ),
        (
            Join.example("operator", .operator), protocolVersion, Peer.example("operator", .operator),
            .permissionDenied, "does not join"
        ),
    ])
    mutating func refusals(
        join: Join, version: UInt32, peer: Peer, code: Failure.Code, hint: String
    ) throws {
        let error = #expect(throws: Failure.self) {
            try membership.join(join, protocolVersion: version, from: peer, at: start)
        }
        #expect(error?.code == code)
        #expect(error?.message.contains(hint) == true)
        #expect(membership.members.isEmpty)
    }
}
