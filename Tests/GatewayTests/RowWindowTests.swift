import Messaging
import ServiceLifecycle
import Testing

@testable import Gateway

/// How many rows of large requests are with the nodes of a version.
@Suite(.timeLimit(.minutes(10))) struct RowWindowTests {
    private static let version = RowWindows.Version(model: "sums", number: 1)

    /// Nodes that have 100 rows at a time, and time stands still. Requests have an hour unless another time is given.
    private struct Scene {
        var room = RowWindow<String>.Room(rows: 100, nodes: 1)
        var window = RowWindow<String>()
        let now = ContinuousClock.now

        mutating func enter(_ rows: Int, within time: Duration = .seconds(3600)) -> RowWindow<String>.Entrance {
            window.enter(rows, room: room, until: now + time, at: now)
        }

        mutating func wait(_ name: String, as id: UInt64, rows: Int, within time: Duration = .seconds(3600)) {
            window.wait(name, as: id, rows: rows, until: now + time)
        }

        mutating func leave(_ rows: Int) -> [String] {
            window.leave(rows, room: room, at: now).admitted.map(\.waiter)
        }

        mutating func admit() -> RowWindow<String>.Turns { window.admit(room: room, at: now) }
    }

    @Test func asManyAsFitGoOnAndTheRestInOrder() {
        var scene = Scene()
        #expect(scene.enter(60) == .now(load: 60))
        #expect(scene.enter(41) == .later)
        scene.wait("a", as: 1, rows: 41)
        #expect(scene.enter(40) == .later, "another waits")
        scene.wait("b", as: 2, rows: 40)
        scene.wait("c", as: 3, rows: 30)
        #expect(scene.admit().admitted.isEmpty)
        #expect(scene.window.waitingRows == 111)
        #expect(scene.leave(60) == ["a", "b"])
        #expect(scene.window.rows == 81 && scene.window.waiting == 1 && scene.window.waitingRows == 30)
        #expect(scene.leave(41) == ["c"])
        #expect(scene.leave(40) == [])
        #expect(scene.leave(30) == [] && scene.window.isEmpty && scene.window.waitingRows == 0)
    }

    /// Each node has one request, however large it is.
    @Test func largerThanTheWindow() {
        var scene = Scene(room: .init(rows: 100, nodes: 2))
        #expect(scene.enter(500) == .now(load: 500))
        #expect(scene.enter(500) == .now(load: 500))
        #expect(scene.enter(16) == .later)
        scene.wait("a", as: 1, rows: 500)
        scene.wait("b", as: 2, rows: 16)
        #expect(scene.leave(500) == ["a"])
        #expect(scene.leave(500) == ["b"])
        #expect(scene.leave(500) == [] && scene.window.requests == 1 && scene.window.rows == 16)
    }

    @Test func whoGivesUpHoldsUpNobody() {
        var scene = Scene()
        #expect(scene.enter(60) == .now(load: 60))
        scene.wait("a", as: 1, rows: 60)
        scene.wait("b", as: 2, rows: 40)
        #expect(scene.window.giveUp(1) == "a")
        #expect(scene.window.giveUp(1) == nil && scene.window.waitingRows == 40)
        #expect(scene.admit().admitted.map(\.waiter) == ["b"])
        #expect(scene.window.giveUp(2) == nil && scene.window.rows == 100)
    }

    /// What could not be answered in its time is not sent, so that the nodes do what can: neither what comes, nor what has
    /// waited too long to be answered, which holds up nobody behind it.
    @Test func whatWouldBeTooLateIsNotSent() {
        var scene = Scene()
        #expect(scene.enter(60, within: .zero) == .now(load: 60), "nothing is known of the cost")
        scene.window.cost.answered(in: .milliseconds(60), rows: 60)
        scene.window.cost.answered(in: .milliseconds(1000), rows: 1000)
        #expect(scene.enter(40, within: .milliseconds(99)) == .tooLate(.milliseconds(100)))
        #expect(scene.enter(40, within: .milliseconds(100)) == .now(load: 100))
        #expect(scene.enter(50, within: .milliseconds(149)) == .tooLate(.milliseconds(150)))
        #expect(scene.enter(50, within: .milliseconds(150)) == .later)
        scene.wait("late", as: 1, rows: 50, within: .milliseconds(89))
        scene.wait("kept", as: 2, rows: 50, within: .milliseconds(100))
        #expect(scene.enter(10, within: .milliseconds(209)) == .tooLate(.milliseconds(210)), "behind those that wait")
        let turns = scene.window.leave(60, room: scene.room, at: scene.now)
        #expect(turns.tooLate.map(\.waiter) == ["late"] && turns.tooLate.map(\.time) == [.milliseconds(90)])
        #expect(turns.admitted.map(\.waiter) == ["kept"] && turns.admitted.map(\.load) == [90])
        #expect(scene.window.rows == 90 && scene.window.waitingRows == 0)
    }

    /// Whatever the cost is thought to be, one that is alone is tried, and tells better; of several the last, which has the
    /// most time left.
    @Test func oneAloneIsTried() {
        var scene = Scene()
        scene.window.cost.answered(in: .seconds(100), rows: 1)
        #expect(scene.enter(20, within: .milliseconds(1)) == .now(load: 20))
        for (id, name) in ["a", "b", "c"].enumerated() {
            scene.wait(name, as: UInt64(id), rows: 20, within: .milliseconds(1))
        }
        let turns = scene.window.leave(20, room: scene.room, at: scene.now)
        #expect(turns.admitted.map(\.waiter) == ["c"] && turns.tooLate.map(\.waiter) == ["a", "b"])
    }

    /// The cost is the least that was seen, and grows slowly; what had no answer says only that it is more.
    @Test func costs() {
        var cost = RowCost()
        #expect(cost.time(of: 10) == nil)
        cost.unanswered(after: .milliseconds(320), rows: 10)
        #expect(cost.time(of: 10) == .milliseconds(320))
        cost.unanswered(after: .milliseconds(10), rows: 10)
        #expect(cost.perRow == .milliseconds(32))
        cost.answered(in: .milliseconds(160), rows: 10)
        #expect(cost.perRow == .milliseconds(16))
        cost.answered(in: .milliseconds(320), rows: 10)
        #expect(cost.perRow == .milliseconds(17))
        cost.answered(in: .milliseconds(1000), rows: 4)
        #expect(cost.perRow == .milliseconds(17), "a part of it is no row's")
        cost.answered(in: .milliseconds(40), rows: 4)
        #expect(cost.perRow == .milliseconds(10), "even a few are faster")
    }

    /// What a few rows take is no measure of many, but the least that those take.
    @Test func aFewRowsSayLittleOfMany() {
        var cost = RowCost()
        cost.answered(in: .milliseconds(3), rows: 16)
        #expect(cost.time(of: 500) == .milliseconds(3))
        cost.answered(in: .milliseconds(10), rows: 500)
        #expect(cost.time(of: 500) == .milliseconds(10) && cost.time(of: 50) == .milliseconds(1))
        cost.answered(in: .milliseconds(3), rows: 16)
        #expect(cost.time(of: 500) == .milliseconds(10) && cost.time(of: 5000) == .milliseconds(100))
    }

    /// A request that waits goes on once there is room, and ends with its time or with its caller, whichever is first.
    @Test func waitingEnds() async throws {
        let windows = RowWindows()
        let far = ContinuousClock.now + .seconds(3600)
        @Sendable func many(until deadline: ContinuousClock.Instant, _ body: () async -> Void = {}) async throws -> Bool
        {
            try await windows.with(RowCost.busy, of: Self.version, nodes: 1, until: deadline, body) != nil
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
        let limits = GatewayConfiguration.Limits(requestTimeout: .seconds(3600), drainTimeout: .zero)
        try await TestGateway.with(nodes: 1, limits: limits) { test async throws in
            test.nodes[0].answer { $0.frames[0].count > 12 ? .silence : .sums() }
            @Sendable func many(_ extra: String = "") async throws -> Int {
                let numbers = repeatElement("1,2,3", count: 64).joined(separator: ",")
                let json =
                    #"{"inputs":[{"name":"input","shape":[64,3],"datatype":"FP32","data":[\#(numbers)]}]\#(extra)}"#
                return try await test.request("POST", "/v2/models/sums/infer", body: Array(json.utf8)).status
            }
            let room = RowCost.busy / 64
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
