import Foundation
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import Gateway

/// What every request passes.
@Suite(.timeLimit(.minutes(10))) struct MiddlewareTests {
    /// As a check of keys would, where no key is right.
    private struct Closed: Middleware {
        func receive(_ request: inout GatewayRequest) throws(Refusal) {
            throw Refusal(.unauthorized, "no key")
        }
    }

    /// Writes down what passes it.
    private struct Witness: Middleware {
        let name: String
        let seen: @Sendable (String) -> Void

        func receive(_ request: inout GatewayRequest) throws(Refusal) { seen("\(name) \(request.route.name)") }
        func send(_ answer: inout Answer, for request: GatewayRequest) { seen("\(name) \(answer.status.code)") }
    }

    /// Where nobody is let in, no route answers, whatever it is asked and by which method.
    @Test func oneRefusalGuardsEveryRoute() async throws {
        try await TestGateway.with { test async throws in
            let guarded = MiddlewarePair(outer: Closed(), inner: test.gateway.middleware)
            try await TestServer.with(test.gateway, test.gateway.routes, guarded) { server async throws in
                let paths = server.gateway.routes.routes.flatMap { PathPattern($0.pattern).alternatives.map(Self.path) }
                #expect(paths.contains("/v2/models/sums/infer") && paths.contains("/metrics"))
                for path in paths + ["/", "/nowhere", "/v2/models/other/infer"] {
                    for method in RequestLine.methods {
                        let message = TestGateway.message(
                            method.rawValue, path, body: method == .POST ? Array(ContentDecoderTests.row.utf8) : [])
                        let answer = try HTTPAnswer(
                            Array(try await server.all(String(decoding: message, as: UTF8.self)).utf8))
                        #expect(answer.status == 401, "\(method) \(path)")
                        #expect(method == .HEAD ? answer.text.isEmpty : answer.text == #"{"error":"no key"}"#)
                        #expect(answer.headers["x-request-id"] != nil)
                    }
                }
            }
            for node in test.nodes { #expect(node.requests.isEmpty) }
        }
    }

    private static func path(_ segments: [PathPattern.Segment]) -> String {
        "/"
            + segments.map { segment in
                switch segment {
                case .literal(let name): name
                case .parameter(let name): name == "version" ? "2" : "sums"
                case .rest: "anything"
                }
            }.joined(separator: "/")
    }

    /// Nor does what cannot be read, or is cut, or comes behind something else get round it.
    @Test func noRequestGetsRoundIt() async throws {
        let row = ContentDecoderTests.row
        let infer = "POST /v2/models/sums/infer HTTP/1.1\r\nHost: test\r\n"
        let whole = infer + "Content-Length: \(row.utf8.count)\r\n\r\n" + row
        let messages: [(String, Set<String>)] = [
            ("GARBAGE\r\n\r\n" + whole, ["400"]), ("GET /v2 HTTP/3.0\r\n\r\n" + whole, ["505"]),
            ("\r\n" + whole + whole, ["401"]), (whole + "GARBAGE\r\n\r\n" + whole, ["401", "400"]),
            ("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n" + whole, ["401"]),
            ("GET http://test/metrics HTTP/1.1\r\nHost: test\r\n\r\n" + whole, ["401"]),
            (infer + "Content-Length: 9\r\nExpect: 100-continue\r\n\r\n" + whole, ["401"]),
            (infer + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + whole, ["401"]),
            (infer + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc" + whole, ["401"]),
            (infer + "Content-Length: 99999999999\r\n\r\n" + whole, ["401"]),
            (infer + "Content-Length: 5000\r\n\r\n" + whole, ["401"]),
            ("GET /metrics HTTP/1.0\r\n\r\n" + whole, ["401"]),
        ]
        try await TestGateway.with { test async throws in
            let guarded = MiddlewarePair(outer: Closed(), inner: test.gateway.middleware)
            try await TestServer.with(test.gateway, test.gateway.routes, guarded) { server async throws in
                for (message, expected) in messages {
                    let text = try await HTTPConnection.with(port: server.port) { connection in
                        try await connection.send(Array(message.utf8))
                        connection.finish()
                        return String(decoding: try await connection.readToEnd(), as: UTF8.self)
                    }
                    let statuses = text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { String($0.prefix(3)) }
                    #expect(Set(statuses) == expected, "\(message.prefix(60)): \(text)")
                }
            }
            for node in test.nodes { #expect(node.requests.isEmpty) }
        }
    }

    /// Requests pass the list from above, answers from below, and what could not be read is an answer too.
    @Test func theOrderOfTheList() async throws {
        let seen = Mutex<[String]>([])
        let witness: @Sendable (String) -> Void = { line in seen.withLock { $0.append(line) } }
        let list = MiddlewarePair(
            outer: Witness(name: "outer", seen: witness), inner: Witness(name: "inner", seen: witness))
        let table = RouteTable([.get("/", "root") { _ in Answer(.ok) }]) { _ in Refusal(.notFound, "nothing here") }
        try await TestServer.with(.idle(), table, list) { server async throws in
            _ = try await server.all("GET / HTTP/1.1\r\nHost: test\r\n\r\nGARBAGE\r\n\r\n")
        }
        #expect(
            seen.withLock { $0 } == [
                "outer root", "inner root", "inner 200", "outer 200", "inner 400", "outer 400",
            ])
    }

    /// A route may take less than the gateway does.
    @Test func bodiesOfARouteAreLimited() async throws {
        let route = Route.post("/small", "small", .init(bodyBytes: 10)) { request in
            Answer(text: String(request.body.readableBytes), type: "text/plain")
        }
        try await TestServer.with([route]) { server async throws in
            for (count, status) in [(10, 200), (11, 413)] {
                let body = [UInt8](repeating: 0x20, count: count)
                let message = String(decoding: TestGateway.message("POST", "/small", body: body), as: UTF8.self)
                let answer = try HTTPAnswer(Array(try await server.all(message).utf8))
                #expect(answer.status == status)
                #expect(answer.text.contains("the body may have 10 bytes, this one has 11") == (status == 413))
            }
        }
    }

    /// Every answer is counted once under the name of its route, which no caller chooses.
    @Test func answersAreCountedByRoute() async throws {
        try await TestGateway.with { test async throws in
            #expect(try await test.infer().status == 200)
            #expect(try await test.infer(path: "/v2/models/other/infer").status == 404)
            #expect(try await test.request("GET", "/v2/models/sums/versions/1").status == 200)
            #expect(try await test.request("GET", "/nowhere").status == 404)
            #expect(try await test.request("PUT", "/v2").status == 405)
            #expect(try await test.exchange(Array("GARBAGE\r\n\r\n".utf8)).status == 400)
            let text = try await test.request("GET", "/metrics").text
            for (route, status) in [
                ("infer", 200), ("infer", 404), ("model", 200), ("none", 404), ("other-method", 405),
                ("unreadable", 400),
            ] {
                #expect(
                    text.contains("martlet_gateway_responses_total{route=\"\(route)\",status=\"\(status)\"} 1\n"),
                    "\(route) \(status)")
            }
        }
    }
}
