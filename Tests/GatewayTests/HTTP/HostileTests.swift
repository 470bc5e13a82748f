import Foundation
import Messaging
import NIOCore
import NIOPosix
import Testing

@testable import Gateway

/// One hostile client of each kind beside a good one: the good one is answered, and what the hostile one makes the
/// gateway hold is on the account, within its bound, and off it again at the end.
@Suite(.timeLimit(.minutes(10))) struct HostileTests {
    private static let path = "/v2/models/sums/infer"
    private static let chunked =
        "POST \(path) HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
    /// Requests have longer than any test takes: none ends by its time, however slow all else is.
    private static let limits = GatewayConfiguration.Limits(
        bodyBytes: 512 << 10, bytesInFlight: 1 << 20, bytesPerAddress: 1 << 20, requestTimeout: .seconds(3600))

    /// Runs `attack` on some connections of its own that stay open, and then asks as a good client does.
    private func beside(
        _ connections: Int, limits: GatewayConfiguration.Limits = limits,
        _ attack: @escaping @Sendable (inout HTTPConnection) async throws -> Void,
        then check: @escaping @Sendable (TestGateway) async throws -> Void
    ) async throws {
        try await TestGateway.with(limits: limits) { test async throws in
            try await Self.hold(connections, to: test.port, attack) {
                for _ in 0..<10 { #expect(try await test.infer().status == 200) }
                #expect(test.held.bytes <= limits.bytesInFlight)
                try await check(test)
            }
            try await test.until { $0.held.connectionCount == 0 }
            #expect(test.held.bytes == 0 && test.held.requests == 0)
        }
    }

    private static func hold(
        _ count: Int, to port: Int, _ attack: @escaping @Sendable (inout HTTPConnection) async throws -> Void,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        guard count > 0 else { return try await body() }
        try await HTTPConnection.with(port: port) { connection in
            try await attack(&connection)
            try await hold(count - 1, to: port, attack, body)
        }
    }

    @Test func headsThatDoNotEnd() async throws {
        try await beside(20) { connection in
            try await connection.send(Array("POST \(Self.path) HTTP/1.1\r\nHost: test\r\nx: ".utf8))
        } then: { test in
            #expect(test.held.bytes == 0 && test.held.requests == 0)
        }
    }

    /// What is announced is not held: neither a length nor the beginning of a body without one.
    @Test(arguments: ["Content-Length: 500000", "Transfer-Encoding: chunked"])
    func announcedBodies(field: String) async throws {
        try await beside(20) { connection in
            try await connection.send(Array("POST \(Self.path) HTTP/1.1\r\nHost: test\r\n\(field)\r\n\r\n".utf8))
        } then: { test in
            try await test.until { $0.held.requests == 20 }
            #expect(test.held.bytes == 0)
        }
    }

    /// What has come is held, and those that have held most for longest make room for a good client.
    @Test func slowBodies() async throws {
        try await beside(2) { connection in
            try await connection.send(
                Array((Self.chunked + "7a120\r\n").utf8) + [UInt8](repeating: 0x20, count: 500_000))
        } then: { test in
            try await test.until { $0.held.bytes == 1_000_000 }
            let body = Array(ContentDecoderTests.row.utf8) + [UInt8](repeating: 0x20, count: 400_000)
            var statuses: [Int] = []
            repeat {
                statuses.append(try await test.request("POST", Self.path, body: body).status)
            } while statuses.last == 429
            #expect(statuses.last == 200)
            #expect(test.held.closed == 1)
        }
    }

    /// A slow one that has to go hears why.
    @Test func whoHasToGoIsTold() async throws {
        let limits = GatewayConfiguration.Limits(
            bodyBytes: 1 << 20, bytesInFlight: 1 << 20, bytesPerAddress: 1 << 20, requestTimeout: .seconds(3600))
        try await TestGateway.with(limits: limits) { test async throws in
            try await HTTPConnection.with(port: test.port) { connection in
                try await connection.send(
                    Array((Self.chunked + "c3500\r\n").utf8) + [UInt8](repeating: 0x20, count: 800_000))
                try await test.until { $0.held.bytes == 800_000 }
                let body = Array(ContentDecoderTests.row.utf8) + [UInt8](repeating: 0x20, count: 400_000)
                while try await test.request("POST", Self.path, body: body).status == 429 {}
                let answer = try await connection.readAnswer()
                #expect(answer.status == 408)
                #expect(try answer.error == "the request came too slowly, and others needed its room; try again")
            }
        }
    }

    /// Answers that nobody reads are held until they have left.
    @Test func unreadAnswers() async throws {
        let rows = 5_000
        let numbers = String(repeating: "0.123456789,", count: rows * 3).dropLast()
        let json = #"{"inputs":[{"name":"input","shape":[\#(rows),3],"datatype":"FP32","data":[\#(numbers)]}]}"#
        let request = Array(
            "POST \(Self.path) HTTP/1.1\r\nHost: test\r\nContent-Length: \(json.utf8.count)\r\n\r\n\(json)".utf8)
        let limits = GatewayConfiguration.Limits(bytesInFlight: 64 << 20)
        try await beside(2, limits: limits) { connection in
            // Far more than the system holds for a connection.
            let sender = connection.sender
            Task { for _ in 0..<80 { try await sender(request) } }
        } then: { test in
            try await test.until { $0.held.sending == 2 }
            #expect(test.held.bytes >= 2 * rows * 20)
            #expect(try await test.infer().status == 200)
        }
    }

    /// A client that reads nothing is computed for until its system has no more room and the gateway's has a little of
    /// what is left: not for as long as the system would take more.
    @Test func whoDoesNotReadIsNotComputedFor() async throws {
        let rows = 64
        let row = "0.123456789,0.123456789,0.123456789"
        let numbers = repeatElement(row, count: rows).joined(separator: ",")
        let json = #"{"inputs":[{"name":"input","shape":[\#(rows),3],"datatype":"FP32","data":[\#(numbers)]}]}"#
        let request = Array(
            "POST \(Self.path) HTTP/1.1\r\nHost: test\r\nContent-Length: \(json.utf8.count)\r\n\r\n\(json)".utf8)
        try await TestGateway.with(nodes: 1) { test async throws in
            let size = try await test.exchange(
                TestGateway.message("POST", Self.path, body: Array(json.utf8))
            ).body.count
            let client = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelOption(.autoRead, value: false)
                .channelOption(.socketOption(.so_rcvbuf), value: 16 << 10)
                .connect(host: "127.0.0.1", port: test.port).get()
            let all = ByteBuffer(bytes: Array(repeatElement(request, count: 4000).joined()))
            client.writeAndFlush(all, promise: nil)
            try await test.until { $0.held.sending == 1 }
            // Half a megabyte is several times what both systems hold, and a fraction of what they could.
            #expect(test.nodes[0].requests.count * size < 512 << 10, "\(test.nodes[0].requests.count) of \(size) bytes")
            #expect(test.held.bytes > 0)
            #expect(try await test.infer().status == 200)
            try await client.close()
            try await test.until { $0.held.connectionCount == 0 }
            #expect(test.held.bytes == 0 && test.held.requests == 0)
        }
    }

    /// Large requests of many connections, and bodies too large to be read on an event loop: each is answered, and a
    /// small one beside them.
    @Test func largeRequests() async throws {
        try await TestGateway.with(limits: .init(requestTimeout: .seconds(3600))) { test async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for rows in [1_000, 30_000] {
                    let numbers = repeatElement("1,2,3", count: rows).joined(separator: ",")
                    let json =
                        #"{"inputs":[{"name":"input","shape":[\#(rows),3],"datatype":"FP32","data":[\#(numbers)]}]}"#
                    for _ in 0..<20 {
                        group.addTask {
                            let answer = try await test.request("POST", Self.path, body: Array(json.utf8))
                            #expect(answer.status == 200)
                            #expect(answer.text.contains(#""shape":[\#(rows),2],"data":[6.0,-6.0,6.0"#))
                        }
                    }
                }
                for _ in 0..<20 { #expect(try await test.infer().status == 200) }
                try await group.waitForAll()
            }
            try await test.until { $0.held.connectionCount == 0 }
            #expect(test.held.bytes == 0 && test.held.requests == 0)
        }
    }

    /// An id of any length does not come back at any length, nor does any other part of a request.
    @Test(arguments: [
        #"{"id":"LONG"}"#, #"{"LONG":1}"#, #"{"LONG"}"#,
        #"{"inputs":[{"name":"LONG","shape":[1,3],"datatype":"FP32"}]}"#,
        #"{"inputs":[{"name":"input","shape":[1,3],"datatype":"LONG","data":[1,2,3]}]}"#,
        #"{"outputs":[{"name":"LONG"}]}"#, #"{"inputs":[{"name":"input","parameters":{"LONG":1}}]}"#,
    ])
    func hugeNames(json: String) async throws {
        try await TestGateway.with { test async throws in
            let long = String(repeating: "x", count: 300_000)
            let answer = try await test.request(
                "POST", Self.path, body: Array(json.replacing("LONG", with: long).utf8))
            #expect(answer.status == 400)
            #expect(answer.body.count < 4096)
            #expect(try answer.error.contains("of at most 1024 bytes; this one is longer"))
            #expect(try await test.infer(extra: #","id":"\#(long.prefix(1024))""#).status == 200)
            #expect(try await test.infer(extra: #","id":"\#(long.prefix(1025))""#).status == 400)
        }
    }

    /// Clients that go away in the midst of a head, a body, or while they wait.
    @Test(arguments: ["GET /v2 HT", chunked + "5\r\nab", "WHOLE"])
    func vanishing(text: String) async throws {
        try await TestGateway.with(nodes: 1, limits: Self.limits) { test async throws in
            test.nodes[0].answer { _ in .silence }
            let json = ContentDecoderTests.row.dropLast() + #","parameters":{"timeout":200000}}"#
            let whole = "POST \(Self.path) HTTP/1.1\r\nHost: test\r\nContent-Length: \(json.utf8.count)\r\n\r\n" + json
            for _ in 0..<20 {
                try await HTTPConnection.with(port: test.port) { connection in
                    try await connection.send(Array((text == "WHOLE" ? whole : text).utf8))
                }
            }
            try await test.until { $0.held.connectionCount == 0 }
            #expect(test.held.bytes == 0 && test.held.requests == 0)
            test.nodes[0].answer { _ in .sums() }
            #expect(try await test.infer().status == 200)
        }
    }

    /// More idle connections than there may be: a good client's, and its request, are taken in their place.
    @Test func idleConnections() async throws {
        let limits = GatewayConfiguration.Limits(
            connections: 8, connectionsPerAddress: 8, reservedConnections: 4, reserveTimeout: .seconds(3600))
        try await TestGateway.with(limits: limits) { test async throws in
            try await Self.hold(30, to: test.port) { connection in
                try await connection.send(Array("GET /v2/health/live HTTP/1.1\r\nHost: test\r\n\r\n".utf8))
                // Those beyond may be closed to make room.
                _ = try? await connection.readAnswer()
            } _: {
                #expect(try await test.request("GET", "/v2/health/live").status == 200)
                #expect(try await test.request("GET", "/metrics").status == 200)
                var statuses: [Int] = []
                repeat { statuses.append(try await test.infer().status) } while statuses.last != 200
                #expect(statuses.dropLast().allSatisfy { $0 == 503 || $0 == 429 })
                #expect(test.held.connectionCount <= 12)
                #expect(test.held.closed > 0)
            }
        }
    }

    /// All connections have work to wait for: health and metrics are answered beside them, and another request is told
    /// to come again.
    @Test func healthIsAnsweredWhateverElseIsWaitedFor() async throws {
        let limits = GatewayConfiguration.Limits(
            connections: 3, connectionsPerAddress: 3, reservedConnections: 4, requestTimeout: .seconds(3600),
            reserveTimeout: .seconds(3600))
        try await TestGateway.with(nodes: 1, limits: limits) { test async throws in
            test.nodes[0].answer { _ in .silence }
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<3 { group.addTask { try await test.infer().status } }
                try await test.until { $0.nodes[0].requests.count == 3 }
                for _ in 0..<5 {
                    for path in ["/v2/health/live", "/v2/health/ready", "/metrics"] {
                        #expect(try await test.request("GET", path).status == 200)
                    }
                    let refused = try await test.infer()
                    #expect(refused.status == 429 || refused.status == 503)
                    #expect(refused.headers["retry-after"] == "1" && refused.headers["connection"] == "close")
                }
                #expect(test.nodes[0].requests.count == 3)
                test.network.disconnect("inference-0")
                for try await status in group { #expect(status == 503) }
            }
        }
    }
}
