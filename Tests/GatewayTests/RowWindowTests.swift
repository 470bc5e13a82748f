import Messaging
import Synchronization
import Testing

@testable import Gateway

/// How many rows of large requests are with the nodes of a version.
@Suite(.timeLimit(.minutes(1))) struct RowWindowTests {
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

    /// The many rows of some clients wait in the gateway until the nodes have room for them, or until their time is over,
    /// and another's one row does not.
    @Test func manyRowsWaitAndOneDoesNot() async throws {
        try await TestGateway.with(nodes: 1) { test async throws in
            test.nodes[0].answer { $0.frames[0].count > 12 ? .silence : .sums() }
            let numbers = repeatElement("1,2,3", count: 64).joined(separator: ",")
            func many(_ extra: String) async throws -> Int {
                let json =
                    #"{"inputs":[{"name":"input","shape":[64,3],"datatype":"FP32","data":[\#(numbers)]}]\#(extra)}"#
                return try await test.request("POST", "/v2/models/sums/infer", body: Array(json.utf8)).status
            }
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 { group.addTask { try await many("") } }
                try await test.until { $0.held.requests == 6 && $0.nodes[0].requests.count == 2 }
                #expect(try await many(#","parameters":{"timeout":20000}"#) == 504)
                #expect(try await test.infer().status == 200)
                #expect(test.nodes[0].requests.count == 3)
                // Those that were sent are lost with the node, and the others find it answering.
                test.nodes[0].answer { _ in .sums() }
                test.network.disconnect("inference-0")
                test.network.reconnect("inference-0")
                for try await status in group { #expect(status == 200) }
            }
            try await test.until { $0.held.connectionCount == 0 }
            #expect(test.held.bytes == 0 && test.held.requests == 0)
        }
    }
}
