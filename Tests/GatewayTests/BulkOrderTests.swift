import Messaging
import ServiceLifecycle
import Testing

@testable import Gateway

/// How large requests give way to small ones.
@Suite(.timeLimit(.minutes(10))) struct BulkOrderTests {
    private let start = ContinuousClock.now

    private func at(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    private func order(width: Int = 1) -> BulkOrder<String> {
        BulkOrder(BulkLimits(width: width, memory: .milliseconds(100), patience: .milliseconds(5)))
    }

    @Test func aloneTheyAllBegin() {
        var order = order()
        for id in 1...3 {
            let (given, begins) = order.enter(at: at(0))
            #expect(given == id && begins)
        }
    }

    @Test func besideSmallOnesTheyFollowOneAnother() {
        var order = order()
        order.small(at: at(0))
        #expect(order.enter(at: at(1)) == (1, true))
        #expect(order.enter(at: at(1)) == (2, false))
        order.wait("b", as: 2, until: at(1000))
        order.wait("c", as: order.enter(at: at(2)).id, until: at(1000))
        #expect(order.admit(at: at(2)) == [] && order.waiting == 2)
        order.leave(1)
        #expect(order.enter(at: at(3)) == (4, false), "others wait")
        #expect(order.admit(at: at(3)) == ["b"])
        order.leave(1)
        #expect(order.admit(at: at(3)) == [], "it has left already")
        order.leave(2)
        #expect(order.admit(at: at(4)) == ["c"] && order.waiting == 0)
    }

    @Test func asManyAsTheWidth() {
        var order = order(width: 2)
        order.small(at: at(0))
        #expect((0..<3).map { _ in order.enter(at: at(0)).begins } == [true, true, false])
    }

    /// Without small ones for a while, all that wait begin.
    @Test func smallOnesAreForgotten() {
        var order = order()
        order.small(at: at(0))
        #expect(order.enter(at: at(0)).begins)
        for (id, name) in [(2, "b"), (3, "c")] {
            #expect(!order.enter(at: at(1)).begins)
            order.wait(name, as: UInt64(id), until: at(1000))
        }
        #expect(order.admit(at: at(99)) == [])
        #expect(order.admit(at: at(100)) == ["b", "c"])
        order.small(at: at(101))
        #expect(!order.enter(at: at(101)).begins)
    }

    /// One that takes long does not hold up the next; one whose time is over, or that gives up, is not begun.
    @Test func whoTakesLongAndWhoseTimeIsOver() {
        var order = order()
        order.small(at: at(0))
        #expect(order.enter(at: at(0)).begins)
        for (id, name, end) in [(2, "b", 4), (3, "c", 1000), (4, "d", 1000)] {
            order.wait(name, as: UInt64(id), until: at(end))
        }
        #expect(order.expire(at: at(3)) == [] && order.admit(at: at(3)) == [])
        #expect(order.expire(at: at(4)) == ["b"] && order.admit(at: at(4)) == [])
        #expect(order.giveUp(3) == "c" && order.giveUp(3) == nil)
        #expect(order.expire(at: at(5)) == [] && order.admit(at: at(5)) == ["d"])
        #expect(order.giveUp(4) == nil && order.waiting == 0)
    }

    /// A request that waits goes on when the one before it ends, and ends itself with its time or its caller.
    @Test func waitingEnds() async throws {
        let far = ContinuousClock.now + .seconds(3600)
        let lane = BulkLane(BulkLimits(width: 1, memory: .seconds(3600), patience: .seconds(3600)))
        lane.small(at: .now)
        let next = try await lane.with(until: far) { () async throws -> Task<Bool?, any Error> in
            #expect(try await lane.with(until: .now + .milliseconds(20)) { true } == nil, "its time was over")
            let left = Task { try await lane.with(until: far) { true } }
            while lane.waitingCount == 0 { await Task.yield() }
            left.cancel()
            #expect(try await left.value == nil, "nobody waits for it")
            let next = Task { try await lane.with(until: far) { true } }
            while lane.waitingCount == 0 { await Task.yield() }
            return next
        }
        #expect(try await next?.value == true)
        #expect(lane.waitingCount == 0)
    }

    /// It goes on too when the one before it takes long, or small ones are forgotten.
    @Test(arguments: [
        BulkLimits(width: 1, memory: .seconds(3600), patience: .milliseconds(1)),
        BulkLimits(width: 1, memory: .milliseconds(1), patience: .seconds(3600)),
    ])
    func timePasses(limits: BulkLimits) async throws {
        let far = ContinuousClock.now + .seconds(3600)
        let lane = BulkLane(limits)
        lane.small(at: .now)
        let inner = try await lane.with(until: far) { try await lane.with(until: far) { true } }
        #expect(inner == true)
    }

    /// Of the large requests of some clients the second waits for the first while another client asks for one row, which
    /// does not wait.
    @Test func throughTheGateway() async throws {
        let bulk = BulkLimits(width: 1, memory: .seconds(3600), patience: .seconds(3600))
        let limits = GatewayConfiguration.Limits(
            requestTimeout: .seconds(3600), drainTimeout: .zero, bulk: bulk)
        try await TestGateway.with(nodes: 1, limits: limits) { test async throws in
            test.nodes[0].answer { $0.frames[0].count > 12 ? .silence : .sums() }
            @Sendable func large(_ headers: [String: String] = [:]) async throws -> HTTPAnswer {
                let numbers = repeatElement("1,2,3", count: 3000).joined(separator: ",")
                let json = #"{"inputs":[{"name":"input","shape":[3000,3],"datatype":"FP32","data":[\#(numbers)]}]}"#
                return try await test.request("POST", "/v2/models/sums/infer", headers: headers, body: Array(json.utf8))
            }
            #expect(try await test.infer().status == 200)
            try await withThrowingTaskGroup(of: Int.self) { group in
                group.addTask { try await large().status }
                try await test.until { $0.nodes[0].requests.count == 2 }
                group.addTask { try await large().status }
                try await test.until { $0.gateway.lane.waitingCount == 1 }
                #expect(try await test.infer().status == 200)
                #expect(test.nodes[0].requests.count == 3)
                let metrics = try await test.request("GET", "/metrics")
                #expect(metrics.text.contains("martlet_gateway_waiting_requests 1\n"))
                await test.services.triggerGracefulShutdown()
                for try await status in group { #expect(status == 503) }
            }
        }
    }

    /// Who leaves before its turn is no request that took too long.
    @Test func whoLeavesBeforeItsTurn() async throws {
        let bulk = BulkLimits(width: 0, memory: .seconds(3600), patience: .seconds(3600))
        let limits = GatewayConfiguration.Limits(requestTimeout: .seconds(3600), bulk: bulk)
        try await TestGateway.with(nodes: 1, limits: limits) { test async throws in
            #expect(try await test.infer().status == 200)
            try await HTTPConnection.with(port: test.port) { connection in
                let length = Turns.bulkBytes + 1
                let head = "POST /v2/models/sums/infer HTTP/1.1\r\nHost: test\r\nContent-Length: \(length)\r\n\r\n"
                try await connection.send(Array((head + String(repeating: " ", count: length)).utf8))
                try await test.until { $0.gateway.lane.waitingCount == 1 }
            }
            try await test.until { $0.gateway.lane.waitingCount == 0 && $0.requestCounts.count == 2 }
            #expect(test.requestCounts == [200: 1, 499: 1])
        }
    }

    /// What waits in vain is told so.
    @Test func timeThatIsOver() async throws {
        let bulk = BulkLimits(width: 0, memory: .seconds(3600), patience: .milliseconds(1))
        try await TestGateway.with(nodes: 1, limits: .init(bulk: bulk)) { test async throws in
            #expect(try await test.infer().status == 200)
            let body = Array(repeatElement(UInt8(ascii: " "), count: Turns.bulkBytes + 1))
            let answer = try await test.request(
                "POST", "/v2/models/sums/infer", headers: ["martlet-timeout-ms": "30"], body: body)
            #expect(answer.status == 504)
            #expect(answer.text.contains("the request was allowed 0.03 seconds, in which its turn did not come"))
        }
    }
}
