import Foundation
import ServiceLifecycle
import Synchronization
import Messaging
import Testing
import Wire

@testable import Gateway

/// What holds between HTTP and the requests in it, whatever they ask for.
@Suite(.timeLimit(.minutes(10))) struct ConnectionTests {
    private static let row = #"{"inputs":[{"name":"input","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}"#

    private static func head(_ fields: [String] = [], version: String = "1.1") -> String {
        "POST /v2/models/sums/infer HTTP/\(version)\r\nHost: test\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    private static var request: String { head(["Content-Length: \(row.utf8.count)"]) + row }

    /// Everything that comes until the gateway closes.
    private func all(_ text: String, limits: GatewayConfiguration.Limits = .init()) async throws -> String {
        let answers = Mutex("")
        try await TestGateway.with(limits: limits) { test async throws in
            let bytes = try await HTTPConnection.with(port: test.port) { connection in
                try await connection.send(Array(text.utf8))
                return try await connection.readToEnd()
            }
            answers.withLock { $0 = String(decoding: bytes, as: UTF8.self) }
        }
        return answers.withLock { $0 }
    }

    private func count(_ part: String, in text: String) -> Int { text.ranges(of: part).count }

    /// Requests that come without waiting are answered one after the other, in order, and none behind the last.
    @Test func pipelining() async throws {
        let metadata = "GET /v2/models/sums HTTP/1.1\r\nHost: test\r\n\r\n"
        let last = "GET /v2/nowhere HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
        let answers = try await all(Self.request + metadata + Self.request + last + Self.request)
        let bodies = answers.split(separator: "\r\n\r\n").dropFirst().map { String($0.prefix(while: { $0 != "H" })) }
        try #require(bodies.count == 4)
        #expect(bodies[0].contains("model_version") && bodies[2].contains("model_version"))
        #expect(bodies[1].contains("platform"))
        #expect(bodies[3].contains("no route"))
        #expect(count("HTTP/1.1 ", in: answers) == 4)
        #expect(count("content-length: ", in: answers.lowercased()) == 4, "each answer says its length once")
        #expect(count("date: ", in: answers) == 4)
        #expect(count("connection: close", in: answers) == 1)
    }

    @Test func continues() async throws {
        try await TestGateway.with { test async throws in
            try await HTTPConnection.with(port: test.port) { connection in
                let head = Self.head([
                    "Content-Length: \(Self.row.utf8.count)", "Expect: 100-continue", "Connection: close",
                ])
                try await connection.send(Array(head.utf8))
                #expect(try await connection.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
                try await connection.send(Array(Self.row.utf8))
                #expect(try HTTPAnswer(await connection.readToEnd()).status == 200)
            }
        }
    }

    /// A client that is not told to continue may send the body or not: what follows cannot be read.
    @Test func aRefusalInsteadOfContinueEndsTheConnection() async throws {
        let head = Self.head(["Content-Length: 10", "Expect: 100-continue"])
        let answers = try await all(head + "0123456789" + Self.request, limits: .init(requestsInFlight: 0))
        #expect(answers.hasPrefix("HTTP/1.1 429 "))
        #expect(count("HTTP/1.1 ", in: answers) == 1)
        #expect(answers.contains("connection: close"))
    }

    /// A refusal of the gateway's own limits leaves the connection in order.
    @Test func aRefusalIsFollowedByTheNextRequest() async throws {
        try await TestGateway.with(limits: .init(requestsInFlight: 0)) { test async throws in
            try await HTTPConnection.with(port: test.port) { connection in
                for _ in 0..<3 {
                    // The refusal comes before the end of the body.
                    try await connection.send(Array(Self.request.utf8.dropLast(10)))
                    #expect(try await connection.readAnswer().status == 429)
                    try await connection.send(Array(Self.request.utf8.suffix(10)))
                }
            }
        }
    }

    @Test(arguments: [
        ["x: " + String(repeating: "y", count: 20_000)],
        (0..<40).map { "x\($0): " + String(repeating: "y", count: 500) },
        (0..<150).map { "x\($0): y" },
    ])
    func headersAreLimited(fields: [String]) async throws {
        let answers = try await all(Self.head(fields + ["Content-Length: 0"]))
        #expect(answers.hasPrefix("HTTP/1.1 431 "), "\(answers.prefix(100))")
        #expect(count("HTTP/1.1 ", in: answers) == 1)
    }

    @Test func aSilentConnectionIsClosed() async throws {
        let limits = GatewayConfiguration.Limits(idleTimeout: .seconds(1))
        #expect(try await all("", limits: limits) == "")
        #expect(try await all("POST /v2/mod", limits: limits) == "")
        let answers = try await all(Self.request, limits: limits)
        #expect(answers.hasPrefix("HTTP/1.1 200 "))
    }

    /// One who waits for an answer is silent with good reason.
    @Test func aWaitingConnectionIsNotIdle() async throws {
        try await TestGateway.with(nodes: 1, limits: .init(idleTimeout: .seconds(2))) { test async throws in
            test.nodes[0].answer { _ in .silence }
            #expect(try await test.infer(extra: #","parameters":{"timeout":3000000}"#).status == 504)
        }
    }

    /// A byte now and then does not buy a body more time.
    @Test func aBodyThatDripsIsRefused() async throws {
        try await TestGateway.with(limits: .init(requestTimeout: .milliseconds(300))) { test async throws in
            try await HTTPConnection.with(port: test.port) { connection in
                try await connection.send(Array((Self.head(["Content-Length: 100000"]) + "{").utf8))
                let dripping = Self.drip(connection.sender)
                let answer = try await connection.readAnswer()
                dripping.cancel()
                #expect(answer.status == 408)
                #expect(try answer.error == "the request was not complete within 0.3 seconds")
                #expect(answer.headers["connection"] == "close")
            }
            #expect(test.gateway.metrics.snapshot.otherStatuses == [408: 1])
        }
    }

    /// Nor does it buy a head more time; where there is no head there is no answer.
    @Test func aHeadThatDripsEndsTheConnection() async throws {
        try await TestGateway.with(limits: .init(headTimeout: .milliseconds(300))) { test async throws in
            try await HTTPConnection.with(port: test.port) { connection in
                try await connection.send(Array("GET /v2 HTTP/1.1\r\nx: ".utf8))
                let dripping = Self.drip(connection.sender)
                // The system may tell the end as a broken connection, because bytes came after it.
                let bytes = (try? await connection.readToEnd()) ?? []
                dripping.cancel()
                #expect(bytes.isEmpty)
            }
            #expect(try await test.infer().status == 200)
        }
    }

    /// Sends a byte now and then.
    private static func drip(_ sender: @escaping @Sendable ([UInt8]) async throws -> Void) -> Task<Void, any Error> {
        Task {
            while !Task.isCancelled {
                try await sender(Array(" ".utf8))
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    /// A head in two pieces is as good as one in a single piece, also behind another request.
    @Test func headsInPieces() async throws {
        try await TestGateway.with { test async throws in
            try await HTTPConnection.with(port: test.port) { connection in
                for _ in 0..<3 {
                    try await connection.send(Array("GET /v2 HT".utf8))
                    try await connection.send(Array("TP/1.1\r\nHost: test\r\n".utf8))
                    try await connection.send(Array("\r\n".utf8))
                    #expect(try await connection.readAnswer().status == 200)
                }
            }
        }
    }

    /// A client may say that it has nothing more to send and still wait for the answer.
    @Test func halfClosedConnectionsGetTheirAnswer() async throws {
        try await TestGateway.with { test async throws in
            for text in [Self.request, Self.request + Self.request] {
                let bytes = try await HTTPConnection.with(port: test.port) { connection in
                    try await connection.send(Array(text.utf8))
                    connection.finish()
                    return try await connection.readToEnd()
                }
                let answers = String(decoding: bytes, as: UTF8.self)
                #expect(count("HTTP/1.1 200 ", in: answers) == count("POST ", in: text))
            }
            let nothing = try await HTTPConnection.with(port: test.port) { connection in
                connection.finish()
                return try await connection.readToEnd()
            }
            #expect(nothing.isEmpty)
        }
    }

    /// Of what came behind a request as much is answered as is held, and the client hears of the rest.
    @Test func moreThanIsHeldBehindARequest() async throws {
        let next = "GET /v2 HTTP/1.1\r\nHost: test\r\n\r\n"
        for held in [10 * next.utf8.count, 10 * next.utf8.count + 1] {
            try await TestGateway.with(nodes: 1, limits: .init(pipelinedBytes: held)) { test async throws in
                test.nodes[0].answer { _ in .silence }
                let first = Self.head(["Content-Length: \(Self.row.utf8.count)", "martlet-timeout-ms: 500"]) + Self.row
                let bytes = try await HTTPConnection.with(port: test.port) { connection in
                    try await connection.send(Array(first.utf8))
                    while test.nodes[0].requests.isEmpty { await Task.yield() }
                    try await connection.send(Array(String(repeating: next, count: 100).utf8))
                    connection.finish()
                    return try await connection.readToEnd()
                }
                let answers = String(decoding: bytes, as: UTF8.self)
                let statuses = answers.split(separator: "HTTP/1.1 ").map { $0.prefix(3) }.filter { $0 != "102" }
                #expect(statuses == ["504"] + repeatElement("200", count: 10) + ["400"])
                #expect(answers.contains("more than \(held) bytes came behind a request that was not answered yet"))
            }
        }
    }

    /// What a client that has left has asked for is not worked on any further.
    @Test func clientsThatLeaveEndTheWork() async throws {
        try await TestGateway.with(nodes: 1) { test async throws in
            test.nodes[0].answer { _ in .silence }
            try await HTTPConnection.with(port: test.port) { connection in
                try await connection.send(Array(Self.request.utf8))
                while test.nodes[0].requests.isEmpty { await Task.yield() }
            }
            while test.nodes[0].cancellations.isEmpty { await Task.yield() }
            #expect(test.nodes[0].cancellations == test.nodes[0].requests.map(\.envelope.messageID))
            #expect(test.gateway.dispatcher.ejectionCount == 0)
            try await test.until { $0.requestCounts[499] == 1 }
            #expect(test.requestCounts == [499: 1])
        }
    }

    /// Requests of a client that does not read wait until it does: the next is begun when the answer before has left.
    @Test func aSlowReaderHoldsItsOwnRequestsUp() async throws {
        try await TestGateway.with { test async throws in
            let requests = 20_000
            let text = String(repeating: "GET /v2/nowhere HTTP/1.1\r\nHost: test\r\n\r\n", count: requests)
            let bytes = try await HTTPConnection.with(port: test.port) { connection in
                let sender = connection.sender
                async let sent: Void = sender(Array((text + "GET /v2 HTTP/1.0\r\n\r\n").utf8))
                // Nothing is read here until the gateway has stopped.
                var before = -1
                while before != test.refusals {
                    before = test.refusals
                    try await Task.sleep(for: .milliseconds(100))
                }
                #expect(before < requests, "all were answered although nobody read")
                let bytes = try await connection.readToEnd()
                try await sent
                return bytes
            }
            let answers = String(decoding: bytes, as: UTF8.self)
            #expect(count("HTTP/1.1 404 ", in: answers) == requests)
            #expect(answers.hasSuffix("}"))
        }
    }

    @Test func oldClients() async throws {
        let closing = try await all("GET /v2 HTTP/1.0\r\n\r\n" + Self.request)
        #expect(count("HTTP/1.1 200 ", in: closing) == 1)
        let kept = try await all(
            "GET /v2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + "GET /v2 HTTP/1.0\r\n\r\n")
        #expect(count("HTTP/1.1 200 ", in: kept) == 2)
        #expect(count("connection: keep-alive", in: kept) == 1)
    }

    @Test func headRequestsHaveNoBody() async throws {
        let answers = try await all("HEAD /v2/nowhere HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
        #expect(answers.hasPrefix("HTTP/1.1 404 "))
        #expect(answers.hasSuffix("\r\n\r\n"))
    }

    /// On shutdown a connection that asks for nothing is closed, and no new one is taken.
    @Test func shutdownClosesIdleConnections() async throws {
        try await TestGateway.with { test async throws in
            let rest = try await HTTPConnection.with(port: test.port) { connection in
                try await connection.send(Array(Self.request.utf8))
                #expect(try await connection.readAnswer().status == 200)
                await test.services.triggerGracefulShutdown()
                return try await connection.readToEnd()
            }
            #expect(rest.isEmpty)
        }
    }

    /// A request of which something has come is answered all the same, and is the last one of its connection.
    @Test func shutdownAnswersWhatHasBegunToCome() async throws {
        try await TestGateway.with { test async throws in
            let next = "GET /v2 HTTP/1.1\r\nHost: test\r\n\r\n"
            try await HTTPConnection.with(port: test.port) { connection in
                try await connection.send(Array((Self.request + String(next.prefix(10))).utf8))
                #expect(try await connection.readAnswer().status == 200)
                // Closed when the shutdown has come to the connections.
                try await HTTPConnection.with(port: test.port) { idle in
                    try await idle.send(Array(next.utf8))
                    #expect(try await idle.readAnswer().status == 200)
                    await test.services.triggerGracefulShutdown()
                    let rest = try await idle.readToEnd()
                    #expect(rest.isEmpty)
                }
                try await connection.send(Array(next.dropFirst(10).utf8))
                let answer = try HTTPAnswer(await connection.readToEnd())
                #expect(answer.status == 200)
                #expect(answer.headers["connection"] == "close")
            }
        }
    }

    /// Returns when a shutdown has come to the connections: then no new one is taken.
    private static func shutDown(_ test: TestGateway) async {
        await test.services.triggerGracefulShutdown()
        while (try? await HTTPConnection.with(port: test.port) { _ in }) != nil { await Task.yield() }
    }

    /// What comes on a connection that asked for nothing may have been sent before.
    @Test func shutdownAnswersWhatWasOnItsWay() async throws {
        try await TestGateway.with(limits: .init(farewellTimeout: .seconds(3600))) { test async throws in
            try await HTTPConnection.with(port: test.port) { connection in
                let request = Array("GET /v2 HTTP/1.1\r\nHost: test\r\n\r\n".utf8)
                try await connection.send(request)
                #expect(try await connection.readAnswer().headers["connection"] == nil)
                await Self.shutDown(test)
                try await connection.send(request)
                let answer = try await connection.readAnswer()
                #expect(answer.status == 200)
                #expect(answer.headers["connection"] == "close")
            }
        }
    }

    /// Of requests that came behind one another only the last one is said to be that.
    @Test func shutdownAnswersAllThatCameBehindOneAnother() async throws {
        try await TestGateway.with(nodes: 1) { test async throws in
            test.nodes[0].answer { _ in .silence }
            try await HTTPConnection.with(port: test.port) { connection in
                let body = #"{"inputs":[{"name":"input","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}"#
                let head =
                    "POST /v2/models/sums/infer HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                let next = "GET /v2 HTTP/1.1\r\nHost: test\r\n\r\n"
                try await connection.send(Array((head + body + next + next).utf8))
                while test.nodes[0].requests.isEmpty { await Task.yield() }
                await Self.shutDown(test)
                test.network.disconnect("inference-0")
                let answers = String(decoding: try await connection.readToEnd(), as: UTF8.self)
                    .components(separatedBy: "HTTP/1.1 ").dropFirst()
                #expect(answers.map { String($0.prefix(3)) } == ["503", "200", "200"])
                #expect(answers.map { $0.contains("connection: close") } == [false, false, true])
            }
        }
    }

    /// What does not come whole in the time of a shutdown is told so, and does not hold it up.
    @Test func shutdownRefusesWhatDoesNotComeWhole() async throws {
        let limits = GatewayConfiguration.Limits(requestTimeout: .seconds(3600), drainTimeout: .milliseconds(50))
        try await TestGateway.with(nodes: 1, limits: limits) { test async throws in
            try await HTTPConnection.with(port: test.port) { connection in
                let part = "POST /v2/models/sums/infer HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n\r\n{"
                try await connection.send(Array((Self.request + part).utf8))
                #expect(try await connection.readAnswer().status == 200)
                await test.services.triggerGracefulShutdown()
                let answer = try await connection.readAnswer()
                #expect(answer.status == 503)
                #expect(answer.text.contains("the gateway shuts down"))
                #expect(try await connection.readToEnd().isEmpty)
            }
        }
    }

    /// But it is waited for no longer than for what is under way.
    @Test func shutdownDoesNotWaitForTheRestOfAHead() async throws {
        let limits = GatewayConfiguration.Limits(
            headTimeout: .seconds(3600), idleTimeout: .seconds(3600), drainTimeout: .milliseconds(50))
        try await TestGateway.with(limits: limits) { test async throws in
            try await HTTPConnection.with(port: test.port) { connection in
                try await connection.send(Array((Self.request + "GET /v2 HT").utf8))
                #expect(try await connection.readAnswer().status == 200)
                await test.services.triggerGracefulShutdown()
                let rest = try await connection.readToEnd()
                #expect(rest.isEmpty)
            }
        }
    }

    @Test func datesAreThoseOfHTTP() {
        #expect(HTTPDate.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.text(951_782_400) == "Tue, 29 Feb 2000 00:00:00 GMT")
    }
}
