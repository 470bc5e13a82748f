import ClusterProtocol
import Foundation
import Messaging
import ServiceLifecycle
import Synchronization
import Testing
import Wire

@testable import Gateway

/// What callers see when nodes are away, full, slow or wrong.
@Suite(.timeLimit(.minutes(10))) struct FaultTests {
    @Test(arguments: [
        (Failure.Code.unavailable, 503), (.queueFull, 503), (.deadlineExceeded, 504), (.notFound, 404),
        (.invalidArgument, 400), (.internal, 500),
    ])
    func failuresBecomeStatuses(code: Failure.Code, status: Int) async throws {
        try await TestGateway.with { test async throws in
            for node in test.nodes { node.answer { _ in .failure(Failure(code, "why it failed")) } }
            let answer = try await test.infer()
            #expect(answer.status == status)
            #expect(try answer.error == "why it failed")
            #expect(answer.headers["retry-after"] == (status == 503 ? "1" : nil))
            let attempts = test.nodes.map(\.requests.count).reduce(0, +)
            #expect(attempts == ([.unavailable, .queueFull, .notFound].contains(code) ? 2 : 1))
        }
    }

    /// One node refuses, the other answers: no caller notices.
    @Test(arguments: [Failure.Code.unavailable, .queueFull, .notFound])
    func asksAnotherNodeOnce(code: Failure.Code) async throws {
        try await TestGateway.with { test async throws in
            test.nodes[0].answer { _ in .failure(Failure(code, "no")) }
            for _ in 0..<20 { #expect(try await test.infer().status == 200) }
            #expect(test.nodes[1].requests.count == 20)
        }
    }

    /// Requests under way to a node that disappears are answered by the other one.
    @Test func losesNoRequestWithANode() async throws {
        try await TestGateway.with { test async throws in
            test.nodes[0].answer { _ in .silence }
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<40 { group.addTask { try await test.infer().status } }
                while test.nodes[0].requests.isEmpty { await Task.yield() }
                test.network.disconnect("inference-0")
                for try await status in group { #expect(status == 200) }
            }
            for _ in 0..<10 { #expect(try await test.infer().status == 200) }
            #expect(test.gateway.dispatcher.retryCount > 0)
        }
    }

    @Test func bodiesThatAreTooLarge() async throws {
        try await TestGateway.with(limits: .init(bodyBytes: 1000)) { test async throws in
            let announced = "POST /v2/models/sums/infer HTTP/1.1\r\nHost: test\r\nContent-Length: 104857600\r\n\r\n"
            // Answered before anything of the body is sent.
            let refused = try await HTTPConnection.with(port: test.port) { connection in
                try await connection.send(Array(announced.utf8))
                return try await connection.readAnswer()
            }
            #expect(refused.status == 413)
            #expect(
                try refused.error == "the body may have 1000 bytes, this one has 104857600; send fewer rows at a time")
            #expect(refused.headers["connection"] == "close")

            let chunk = "3e8\r\n" + String(repeating: " ", count: 1000) + "\r\n"
            let chunked =
                "POST /v2/models/sums/infer HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk
                + chunk
            #expect(try await test.exchange(Array(chunked.utf8)).status == 413)
            let endless = [
                ("Content-Length: 99999999999999999999", "", "has more than can be counted"),
                ("Transfer-Encoding: chunked", "7fffffffffffffff\r\n", "has a chunk of more than can be counted"),
                ("Transfer-Encoding: chunked", "3e9\r\n", "has a chunk of 1001"),
            ]
            for (field, body, came) in endless {
                let answer = try await test.exchange(
                    Array("POST /v2/models/sums/infer HTTP/1.1\r\nHost: test\r\n\(field)\r\n\r\n\(body)".utf8))
                #expect(answer.status == 413)
                #expect(
                    try answer.error == "the body may have 1000 bytes, this one \(came); send fewer rows at a time")
            }
            #expect(try await test.infer().status == 200)
        }
    }

    private static func request(rows: Int, outputs: String) -> [UInt8] {
        let numbers = repeatElement("0,0,0", count: rows).joined(separator: ",")
        return Array(
            #"{"inputs":[{"name":"input","shape":[\#(rows),3],"datatype":"FP32","data":[\#(numbers)]}]\#(outputs)}"#
                .utf8)
    }

    /// An answer for which there is never room is refused with the figures: before it is computed where its size is
    /// known, and in no case as if another try helped.
    @Test func answersThatCanNeverBeHeld() async throws {
        let limits = GatewayConfiguration.Limits(
            bodyBytes: 32 << 10, bytesInFlight: 1 << 20, bytesPerAddress: 64 << 10)
        try await TestGateway.with(limits: limits) { test async throws in
            let path = "/v2/models/sums/infer"
            let all = Self.request(rows: 1000, outputs: "")
            let refused = try await test.request("POST", path, body: all)
            #expect(refused.status == 400 && refused.headers["retry-after"] == nil)
            // Body and tensor; two outputs of two floats a row, each with four times as much text.
            let bytes = all.count + 12_000 + 2 * 1000 * 8 * 5
            #expect(
                try refused.error == """
                    the request and its answer would hold \(bytes) bytes in the gateway, one request may hold 65536: send \
                    fewer rows, or ask for fewer outputs or for binary ones
                    """)
            for node in test.nodes { #expect(node.requests.isEmpty) }

            let binary = #","parameters":{"binary_data_output":true},"outputs":[{"name":"logits"}]"#
            #expect(
                try await test.request("POST", path, body: Self.request(rows: 1000, outputs: binary)).status == 200)

            // How long labels are is known only when they are there.
            let labels = Self.request(rows: 1500, outputs: #","outputs":[{"name":"label"}]"#)
            let late = try await test.request("POST", path, body: labels)
            #expect(late.status == 400 && late.headers["retry-after"] == nil)
            #expect(try late.error.contains("one request may hold 65536"))
            #expect(test.nodes.map(\.requests.count).reduce(0, +) == 2)
            try await test.until { $0.held.bytes == 0 }
        }
    }

    @Test func refusesWhatIsTooMuchAtOnce() async throws {
        let limits = GatewayConfiguration.Limits(requestsInFlight: 2, requestTimeout: .seconds(3600))
        try await TestGateway.with(nodes: 1, limits: limits) { test async throws in
            test.nodes[0].answer { _ in .silence }
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<2 { group.addTask { try await test.infer().status } }
                while test.nodes[0].requests.count < 2 { await Task.yield() }
                let refused = try await test.infer()
                #expect(refused.status == 429)
                #expect(refused.headers["retry-after"] == "1")
                test.nodes[0].answer { _ in .sums() }
                // The two that wait hear that their node is gone.
                test.network.disconnect("inference-0")
                for try await status in group { #expect(status == 503) }
            }
            test.network.reconnect("inference-0")
            #expect(try await test.infer().status == 200)
        }
    }

    /// A node that left the table answers what it was asked before; an older table changes nothing.
    @Test func routingTablesChangeUnderLoad() async throws {
        try await TestGateway.with { test async throws in
            try await test.gateway.update(TestGateway.table(epoch: 6, [test.nodes[1]]))
            for _ in 0..<10 { #expect(try await test.infer().status == 200) }
            #expect(test.nodes[0].requests.isEmpty && test.nodes[1].requests.count == 10)
            try await test.gateway.update(TestGateway.table(epoch: 5, [test.nodes[0]]))
            #expect(try await test.infer().status == 200)
            #expect(test.nodes[1].requests.count == 11)
            try await test.gateway.update(TestGateway.table(epoch: 7, []))
            let nobody = try await test.infer()
            #expect(nobody.status == 503)
            #expect(try nobody.error == "no inference node holds 'sums' version 2 now")
            #expect(try await test.request("GET", "/v2/models/sums/ready").status == 503)
        }
    }

    /// Without a coordinator a gateway starts from the table of its last run.
    @Test func servesFromTheSavedTable() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString)")
        try await TestGateway.with(folder: folder) { test async throws in #expect(try await test.infer().status == 200)
        }
        try await TestGateway.with(folder: folder, table: nil) { test async throws in
            #expect(try await test.infer().status == 200)
            #expect(test.gateway.report.routingEpoch == 5)
        }
        try Data("{".utf8).write(to: folder.appending(path: "routing.json"))
        try await TestGateway.with(folder: folder, table: nil) { test async throws in
            #expect(try await test.request("GET", "/v2/health/ready").status == 503)
        }
        try FileManager.default.removeItem(at: folder)
    }

    /// What was accepted before the shutdown is answered during it.
    @Test func shutdownAnswersWhatIsUnderWay() async throws {
        try await TestGateway.with(nodes: 1) { test async throws in
            let node = test.nodes[0]
            let gate = Mutex(false)
            node.answer { _ in gate.withLock { $0 } ? .sums() : .silence }
            async let waiting = test.infer()
            while node.requests.isEmpty { await Task.yield() }
            await test.services.triggerGracefulShutdown()
            gate.withLock { $0 = true }
            test.network.disconnect("inference-0")
            let answer = try await waiting
            #expect(answer.status == 503)
        }
    }

    /// What takes longer than a shutdown may is told so, instead of losing its connection.
    @Test func shutdownRefusesWhatTakesTooLong() async throws {
        try await TestGateway.with(nodes: 2, limits: .init(drainTimeout: .milliseconds(50))) { test async throws in
            for node in test.nodes { node.answer { _ in .silence } }
            async let waiting = test.infer()
            while test.nodes.allSatisfy(\.requests.isEmpty) { await Task.yield() }
            await test.services.triggerGracefulShutdown()
            let answer = try await waiting
            #expect(answer.status == 503)
            #expect(answer.headers["retry-after"] == "1")
        }
    }

    @Test func countsWhatItDid() async throws {
        try await TestGateway.with { test async throws in
            for _ in 0..<3 { _ = try await test.infer() }
            _ = try await test.infer(path: "/v2/models/sums/versions/1/infer")
            _ = try await test.request("POST", "/v2/models/sums/infer", body: Array("{".utf8))
            _ = try await test.infer(path: "/v2/models/\(UUID().uuidString)/infer")
            let text = try await test.request("GET", "/metrics").text
            #expect(text.contains(#"martlet_gateway_requests_total{model="sums",version="2",status="200"} 3"#))
            #expect(text.contains(#"martlet_gateway_requests_total{model="sums",version="2",status="400"} 1"#))
            #expect(text.contains(#"martlet_gateway_requests_total{model="sums",version="1",status="200"} 1"#))
            #expect(text.contains(#"martlet_gateway_other_responses_total{status="404"} 1"#))
            #expect(
                text.contains(#"martlet_gateway_request_duration_seconds_bucket{model="sums",version="2",le="+Inf"} 4"#)
            )
            #expect(text.contains("martlet_gateway_routing_epoch 5\n"))
            #expect(text.contains("martlet_gateway_in_flight_requests 0\n"))
            #expect(text.contains(#"martlet_gateway_node_ejected{node="inference-1"} 0"#))
        }
    }
}
