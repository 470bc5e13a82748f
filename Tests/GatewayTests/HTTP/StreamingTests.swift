import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing
import Wire

@testable import Gateway

/// Answers that are made while they are sent.
@Suite(.timeLimit(.minutes(10))) struct StreamingTests {
    private static let get = "GET /stream HTTP/1.1\r\nHost: test\r\n\r\n"
    private static let last = "GET /after HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
    private static let after = Route.get("/after", "after") { _ in Answer(text: "after", type: "text/plain") }

    /// Without its head.
    private func body(_ answer: String) -> String {
        answer.components(separatedBy: "\r\n\r\n").dropFirst().joined(separator: "\r\n\r\n")
    }

    /// The answers of one connection, as they came.
    private func answers(_ text: String) -> [String] {
        text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { "HTTP/1.1 " + $0 }
    }

    @Test func partsAreChunksAndTheConnectionGoesOn() async throws {
        let stream = TestStream(["one", "", "three"])
        try await TestServer.with([stream.route(), Self.after]) { server async throws in
            let answers = answers(try await server.all(Self.get + Self.last))
            try #require(answers.count == 2)
            #expect(answers[0].contains("transfer-encoding: chunked") && !answers[0].contains("content-length"))
            #expect(answers[0].contains("content-type: text/event-stream") && answers[0].contains("x-request-id: "))
            #expect(body(answers[0]) == "3\r\none\r\n5\r\nthree\r\n0\r\n\r\n")
            #expect(body(answers[1]) == "after")
            #expect(stream.asked == 4 && stream.cancelled == 0 && server.broken == 0)
            #expect(server.held.bytes == 0)
        }
    }

    @Test func aStreamMayBeEmpty() async throws {
        try await TestServer.with([TestStream([]).route(), Self.after]) { server async throws in
            let answers = answers(try await server.all(Self.get + Self.last))
            #expect(answers.map(body) == ["0\r\n\r\n", "after"])
        }
    }

    /// HTTP/1.0 knows no chunks: the end of the connection is the end of the answer.
    @Test func oldClients() async throws {
        try await TestServer.with([TestStream(["one", "two"]).route()]) { server async throws in
            let answer = try await server.all("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(answer.contains("connection: close") && !answer.contains("transfer-encoding"))
            #expect(body(answer) == "onetwo")
        }
    }

    /// Nothing is made for who wants the head alone.
    @Test func headRequestsStartNothing() async throws {
        let stream = TestStream(["one"])
        try await TestServer.with([stream.route(), Self.after]) { server async throws in
            let head = "HEAD /stream HTTP/1.1\r\nHost: test\r\n\r\n"
            let answers = answers(try await server.all(head + Self.last))
            try #require(answers.count == 2)
            #expect(answers[0].contains("transfer-encoding: chunked") && body(answers[0]) == "")
            #expect(body(answers[1]) == "after")
            #expect(stream.asked == 0 && stream.cancelled == 1 && server.broken == 0)
        }
    }

    /// Parts are asked for as fast as they are taken; what waits for the client is on the account.
    @Test func aSlowReaderHoldsItsSourceUp() async throws {
        let size = 4 << 10
        let stream = TestStream { _ in ByteBuffer(repeating: 0x78, count: size) }
        try await TestServer.with([stream.route(), Self.after]) { server async throws in
            let client = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelOption(.autoRead, value: false)
                .channelOption(.socketOption(.so_rcvbuf), value: 16 << 10)
                .connect(host: "127.0.0.1", port: server.port).get()
            try await client.writeAndFlush(ByteBuffer(string: Self.get))
            // Until nothing more is asked for.
            var before = -1
            while before != stream.asked || server.held.sending != 1 {
                before = stream.asked
                try await Task.sleep(for: .milliseconds(100))
            }
            // As `whoDoesNotReadIsNotComputedFor`: several times what both systems hold, a fraction of what they could.
            #expect(stream.asked * size < 1 << 20, "\(stream.asked) parts")
            #expect(server.held.bytes > 0)
            #expect(body(try await server.all(Self.last)) == "after")
            try await client.close()
            try await server.until { server.held.connectionCount == 0 && stream.cancelled == 1 }
            #expect(stream.asked * size < 1 << 20, "\(stream.asked) parts")
            #expect(server.held.bytes == 0 && server.held.requests == 0)
            #expect(server.broken == 1)
        }
    }

    /// A source that always has more, and a client that always takes it, leave the event loop time for others.
    @Test func othersAreAnsweredBesideAStream() async throws {
        let stream = TestStream { _ in ByteBuffer(string: "part") }
        try await TestServer.with([stream.route(), Self.after]) { server async throws in
            let isOver = Atomic(false)
            async let reading: Void = HTTPConnection.with(port: server.port) { connection in
                try await connection.send(Array(Self.get.utf8))
                while !isOver.load(ordering: .relaxed) { _ = try await connection.read(until: "part") }
            }
            try await server.until { stream.asked > 1000 }
            for _ in 0..<10 { #expect(body(try await server.all(Self.last)) == "after") }
            isOver.store(true, ordering: .relaxed)
            try await reading
            try await server.until { stream.cancelled == 1 }
        }
    }

    /// A client that has gone ends the work for it, also while the source is waited for.
    @Test(arguments: [0, 1]) func clientsThatLeaveCancelTheSource(parts: Int) async throws {
        let stream = TestStream { index in
            index < parts ? ByteBuffer(repeating: 0x78, count: 1000) : try await TestStream.never()
        }
        try await TestServer.with([stream.route()]) { server async throws in
            let client = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelOption(.autoRead, value: false).connect(host: "127.0.0.1", port: server.port).get()
            try await client.writeAndFlush(ByteBuffer(string: Self.get))
            try await server.until { stream.asked == parts + 1 }
            // With what it has not read, its system resets the connection; without, the gateway asks.
            try await client.close()
            try await server.until { stream.cancelled == 1 && server.held.connectionCount == 0 }
            #expect(server.broken == UInt64(parts))
            let counts = server.gateway.metrics.snapshot.routes
            #expect(counts == [.init(route: "stream", status: parts == 0 ? 499 : 200): 1])
        }
    }

    /// What fails in the middle is told in a last part, and nobody can take it for whole.
    @Test func aFailureInTheMiddle() async throws {
        let stream = TestStream { index in
            guard index == 0 else { throw Failure(.unavailable, "the node went away") }
            return ByteBuffer(string: "data: 1\n\n")
        }
        try await TestServer.with([stream.route(), Self.after]) { server async throws in
            let answers = answers(try await server.all(Self.get + Self.last))
            let failure = "data: {\"error\":\"the node went away\"}\n\n"
            #expect(
                answers.map(body) == [
                    "9\r\ndata: 1\n\n\r\n" + String(failure.utf8.count, radix: 16) + "\r\n" + failure + "\r\n"
                ])
            #expect(stream.cancelled == 0 && server.broken == 1)
        }
    }

    /// Before there is a first part, an answer has its status still to come.
    @Test func aFailureAtTheBeginning() async throws {
        let stream = TestStream { _ in throw Failure(.unavailable, "no node is there") }
        try await TestServer.with([stream.route(), Self.after]) { server async throws in
            let answers = answers(try await server.all(Self.get + Self.last))
            try #require(answers.count == 2)
            #expect(answers[0].hasPrefix("HTTP/1.1 503 ") && answers[0].contains("retry-after: 1"))
            #expect(body(answers[0]) == "{\"error\":\"no node is there\"}")
            #expect(body(answers[1]) == "after")
            #expect(server.broken == 0)
            #expect(server.gateway.metrics.snapshot.otherStatuses == [503: 1])
        }
    }

    @Test func aFirstPartThatComesTooLate() async throws {
        let patience = StreamPatience(first: .milliseconds(50), next: .seconds(3600))
        let stream = TestStream(patience: patience) { _ in try await TestStream.never() }
        try await TestServer.with([stream.route(), Self.after]) { server async throws in
            let answers = answers(try await server.all(Self.get + Self.last))
            try #require(answers.count == 2)
            #expect(answers[0].hasPrefix("HTTP/1.1 504 "))
            #expect(body(answers[0]) == "{\"error\":\"nothing of the answer came within 0.05 seconds\"}")
            #expect(body(answers[1]) == "after")
            #expect(stream.asked == 1 && stream.cancelled == 1)
        }
    }

    @Test func aFurtherPartThatComesTooLate() async throws {
        let patience = StreamPatience(first: .seconds(3600), next: .milliseconds(50))
        let stream = TestStream(patience: patience) { index in
            index == 0 ? ByteBuffer(string: "1") : try await TestStream.never()
        }
        try await TestServer.with([stream.route(), Self.after]) { server async throws in
            let answers = answers(try await server.all(Self.get + Self.last))
            try #require(answers.count == 1)
            #expect(answers[0].hasPrefix("HTTP/1.1 200 "))
            #expect(answers[0].contains("the answer breaks off: nothing more of it came within 0.05 seconds"))
            #expect(!answers[0].hasSuffix("0\r\n\r\n"))
            #expect(stream.asked == 2 && stream.cancelled == 1 && server.broken == 1)
        }
    }

    /// At a shutdown a stream goes on to its end, if that comes in time.
    @Test func aShutdownWaitsForAStream() async throws {
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        let stream = TestStream { index in
            if index == 0 { return ByteBuffer(string: "one") }
            for await _ in ends { return nil }
            return nil
        }
        let limits = GatewayConfiguration.Limits(drainTimeout: .seconds(3600))
        try await TestServer.with([stream.route()], limits: limits) { server async throws in
            try await HTTPConnection.with(port: server.port) { connection in
                try await connection.send(Array(Self.get.utf8))
                let begin = try await connection.read(until: "one\r\n")
                await server.shutDown()
                end.yield()
                let rest = String(decoding: try await connection.readToEnd(), as: UTF8.self)
                #expect(body(begin + rest) == "3\r\none\r\n0\r\n\r\n")
            }
            #expect(stream.cancelled == 0 && server.broken == 0)
        }
    }

    /// Then it is cut, and says so.
    @Test(arguments: [0, 1]) func aShutdownCutsAStream(parts: Int) async throws {
        let stream = TestStream { index in
            index < parts ? ByteBuffer(string: "one") : try await TestStream.never()
        }
        let limits = GatewayConfiguration.Limits(drainTimeout: .milliseconds(50))
        try await TestServer.with([stream.route()], limits: limits) { server async throws in
            try await HTTPConnection.with(port: server.port) { connection in
                try await connection.send(Array(Self.get.utf8))
                try await server.until { stream.asked == parts + 1 }
                await server.shutDown()
                let answer = String(decoding: try await connection.readToEnd(), as: UTF8.self)
                #expect(answer.hasPrefix(parts == 0 ? "HTTP/1.1 503 " : "HTTP/1.1 200 "))
                #expect(answer.contains("the gateway shuts down, and the answer was not complete: try again"))
                #expect(!answer.hasSuffix("0\r\n\r\n"))
            }
            #expect(stream.cancelled == 1 && server.broken == UInt64(parts))
        }
    }

    /// What would not be over in time can be said not to begin.
    @Test func routesThatDoNotBeginInAShutdown() async throws {
        let limits = GatewayConfiguration.Limits(farewellTimeout: .seconds(3600))
        let stream = TestStream(["one"])
        let route = stream.route(Route.Terms(beginsInShutdown: false))
        try await TestServer.with([route, Self.after], limits: limits) { server async throws in
            try await HTTPConnection.with(port: server.port) { connection in
                let after = "GET /after HTTP/1.1\r\nHost: test\r\n\r\n"
                try await connection.send(Array(after.utf8))
                #expect(try await connection.readAnswer().status == 200)
                await server.shutDown()
                try await connection.send(Array(Self.get.utf8))
                let answer = try HTTPAnswer(await connection.readToEnd())
                #expect(answer.status == 503 && answer.headers["connection"] == "close")
                #expect(try answer.error == "the gateway shuts down; try again")
            }
            #expect(stream.asked == 0)
        }
    }

    @Test func formats() {
        let refusal = Refusal(.serviceUnavailable, "no \"node\"")
        #expect(String(buffer: StreamFormat.events.failurePart(refusal)) == "data: {\"error\":\"no \\\"node\\\"\"}\n\n")
        #expect(String(buffer: StreamFormat.jsonLines.failurePart(refusal)) == "{\"error\":\"no \\\"node\\\"\"}\n")
    }
}
