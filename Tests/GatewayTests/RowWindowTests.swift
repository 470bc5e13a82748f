import Messaging
import ServiceLifecycle
import Testing

@testable import Gateway

/// How many rows of large requests are with the nodes of a version.
@Suite(.timeLimit(.minutes(10))) struct RowWindowTests {
    private static let version = RowWindows.Version(model: "sums", number: 1)

    @Test func asManyAsFitGoOnAndTheRestInOrder() {
        var window = RowWindow<String>()
        #expect(window.enter(60, limit: 100) == true)
        #expect(window.enter(41, limit: 100) == false)
        window.wait("a", as: 1, rows: 41)
        #expect(window.enter(40, limit: 100) == false, "another waits")
        window.wait("b", as: 2, rows: 40)
        window.wait("c", as: 3, rows: 30)
        #expect(window.admit(limit: 100) == [])
        #expect(window.leave(60, limit: 100) == ["a", "b"])
        #expect(window.rows == 81 && window.waiting == 1)
        #expect(window.leave(41, limit: 100) == ["c"])
        #expect(window.leave(40, limit: 100) == [])
        #expect(window.leave(30, limit: 100) == [] && window.isEmpty)
    }

    /// One that is larger than the window goes alone.
    @Test func largerThanTheWindow() {
        var window = RowWindow<String>()
        #expect(window.enter(500, limit: 100) == true)
        window.wait("a", as: 1, rows: 500)
        window.wait("b", as: 2, rows: 16)
        #expect(window.leave(500, limit: 100) == ["a"])
        #expect(window.leave(500, limit: 100) == ["b"])
    }

    @Test func whoGivesUpHoldsUpNobody() {
        var window = RowWindow<String>()
        #expect(window.enter(60, limit: 100) == true)
        window.wait("a", as: 1, rows: 60)
        window.wait("b", as: 2, rows: 40)
        #expect(window.giveUp(1) == "a")
        #expect(window.giveUp(1) == nil)
        #expect(window.admit(limit: 100) == ["b"])
        #expect(window.giveUp(2) == nil && window.rows == 100)
    }

    /// A request that waits goes on once there is room, and ends with its time or with its caller, whichever is first.
    @Test func waitingEnds() async throws {
        let windows = RowWindows()
        let far = ContinuousClock.now + .seconds(3600)
        @Sendable func many(until deadline: ContinuousClock.Instant, _ body: () async -> Void = {}) async throws -> Bool
        {
            try await windows.with(RowWindows.perNode, of: Self.version, nodes: 1, until: deadline, body) != nil
        }
        let goesOn = try await many(until: far) {
            do {
                #expect(try await many(until: .now + .milliseconds(20)) == false, "its time was over")
                let leaves = Task { try await many(until: far) }
                while windows.waitingCount == 0 { await Task.yield() }
                leaves.cancel()
                #expect(try await leaves.value == false, "nobody waits for it")
                #expect(try await windows.with(1, of: Self.version, nodes: 1, until: far) { true } == true)
            } catch {
                Issue.record(error)
            }
        }
        #expect(goesOn && windows.waitingCount == 0)
        let next = try await withThrowingTaskGroup(of: Bool.self) { group in
            _ = try await many(until: far) {
                for _ in 0..<3 { group.addTask { try await many(until: far) } }
                while windows.waitingCount < 3 { await Task.yield() }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(next == [true, true, true] && windows.waitingCount == 0)
    }

    /// The many rows of some clients wait in the gateway until the nodes have room for them, or until their time is over,
    /// and another's one row does not.
    @Test func manyRowsWaitAndOneDoesNot() async throws {
        try await TestGateway.with(nodes: 1, limits: .init(drainTimeout: .zero)) { test async throws in
            test.nodes[0].answer { $0.frames[0].count > 12 ? .silence : .sums() }
            @Sendable func many(_ extra: String = "") async throws -> Int {
                let numbers = repeatElement("1,2,3", count: 64).joined(separator: ",")
                let json =
                    #"{"inputs":[{"name":"input","shape":[64,3],"datatype":"FP32","data":[\#(numbers)]}]\#(extra)}"#
                return try await test.request("POST", "/v2/models/sums/infer", body: Array(json.utf8)).status
            }
            let room = RowWindows.perNode / 64
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<room + 2 { group.addTask { try await many() } }
                try await test.until { $0.gateway.windows.waitingCount == 2 && $0.nodes[0].requests.count == room }
                #expect(try await many(#","parameters":{"timeout":20000}"#) == 504)
                #expect(try await test.infer().status == 200)
                #expect(test.nodes[0].requests.count == room + 1)
                let metrics = try await test.request("GET", "/metrics")
                #expect(metrics.text.contains("martlet_gateway_waiting_requests 2\n"))
                await test.services.triggerGracefulShutdown()
                for try await status in group { #expect(status == 503) }
            }
        }
    }
}
