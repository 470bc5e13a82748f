import Foundation
import Testing

@testable import Gateway

/// Raw bytes over a socket, and what a server of HTTP/1.1 must make of them (RFC 9110 and 9112).
@Suite(.timeLimit(.minutes(10))) struct ConformanceTests {
    private static let row = ContentDecoderTests.row
    private static let last = "GET /v2/health/live HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"

    private static func post(_ fields: String..., path: String = "/v2/models/sums/infer") -> String {
        "POST \(path) HTTP/1.1\r\nHost: test\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    /// The statuses of all answers to what is sent over one connection, until the gateway closes it.
    private func statuses(_ text: String, limits: GatewayConfiguration.Limits = .init()) async throws -> [Int] {
        try await answers(text, limits: limits).map(\.status)
    }

    private func answers(_ text: String, limits: GatewayConfiguration.Limits = .init()) async throws -> [HTTPAnswer] {
        try await TestGateway.returning(limits: limits) { test in
            try await HTTPConnection.with(port: test.port) { connection in
                try await connection.send(Array(text.utf8))
                return try HTTPAnswer.all(await connection.readToEnd())
            }
        }
    }

    // MARK: Methods

    @Test(arguments: [
        "/v2", "/v2/health/live", "/v2/health/ready", "/v2/models/sums", "/v2/models/sums/versions/1/ready", "/metrics",
        "/v2/models/sums/config", "/v2/models/sums/stats",
    ])
    func headIsGetWithoutItsBody(path: String) async throws {
        let fields = "\(path) HTTP/1.1\r\nHost: test\r\n"
        let head = "HEAD \(fields)\r\nHEAD \(fields)Connection: close\r\n\r\n"
        let answers = try await answers(head, heads: true)
        #expect(answers.map(\.status) == [200, 200])
        let get = try await self.answers("GET \(fields)Connection: close\r\n\r\n")[0]
        #expect(get.body.count == answers[0].headers["content-length"].flatMap { Int($0) })
        #expect(get.headers["content-type"] == answers[0].headers["content-type"])
    }

    private func answers(_ text: String, heads: Bool) async throws -> [HTTPAnswer] {
        try await TestGateway.returning { test in
            try await HTTPConnection.with(port: test.port) { connection in
                try await connection.send(Array(text.utf8))
                return try HTTPAnswer.all(await connection.readToEnd(), withoutBodies: heads)
            }
        }
    }

    private static let methods: [(String, String, String)] = [
        ("PUT", "/v2", "GET, HEAD, OPTIONS"), ("DELETE", "/v2/models/sums", "GET, HEAD, OPTIONS"),
        ("POST", "/v2/health/live", "GET, HEAD, OPTIONS"), ("GET", "/v2/models/sums/infer", "POST, OPTIONS"),
        ("HEAD", "/v2/models/sums/infer", "POST, OPTIONS"), ("PATCH", "/metrics", "GET, HEAD, OPTIONS"),
        ("TRACE", "/v2", "GET, HEAD, OPTIONS"), ("GET", "/v2/repository/index", "POST, OPTIONS"),
    ]

    @Test(arguments: methods)
    func otherMethodsAreToldWhichThereAre(method: String, path: String, allow: String) async throws {
        try await TestGateway.with { test async throws in
            let answer = try await test.request(method, path)
            #expect(answer.status == 405)
            #expect(answer.headers["allow"] == allow)
            if method != "HEAD" { #expect(try answer.error == "\(path): expected one of \(allow), got \(method)") }
            let options = try await test.request("OPTIONS", path)
            #expect(options.status == 204)
            #expect(options.headers["allow"] == allow)
            #expect(options.headers["content-length"] == nil && options.body.isEmpty)
        }
    }

    @Test func theServerAsAWhole() async throws {
        #expect(try await statuses("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n" + Self.last) == [204, 200])
        #expect(try await statuses("OPTIONS /nowhere HTTP/1.1\r\nHost: test\r\n\r\n" + Self.last) == [404, 200])
        #expect(try await statuses("BREW /v2 HTTP/1.1\r\nHost: test\r\n\r\n") == [501])
        #expect(try await statuses("CONNECT test:80 HTTP/1.1\r\nHost: test:80\r\n\r\n") == [501])
    }

    // MARK: Upgrades

    /// Java's `HttpClient` and `curl --http2` ask this way: `Upgrade` is not heard, and the connection goes on.
    @Test(arguments: [
        ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"],
        ["Connection: upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="],
        ["Connection: keep-alive, Upgrade", "Upgrade: TLS/1.0"], ["Connection: upgrade"], ["Upgrade: h2c"],
    ])
    func upgradesAreNotHeard(fields: [String]) async throws {
        let fields = fields.map { $0 + "\r\n" }.joined()
        let get = "GET /v2 HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n"
        let post =
            "POST /v2/models/sums/infer HTTP/1.1\r\nHost: test\r\nContent-Length: \(Self.row.utf8.count)\r\n" + fields
            + "\r\n" + Self.row
        #expect(try await statuses(get + get + post + get + Self.last) == [200, 200, 200, 200, 200])
        // Each when the answer before is there.
        try await TestGateway.with { test async throws in
            try await HTTPConnection.with(port: test.port) { connection in
                for request in [get, post, get] {
                    try await connection.send(Array(request.utf8))
                    #expect(try await connection.readAnswer().status == 200)
                }
            }
        }
    }

    // MARK: Framing

    private static let refused: [(String, Int)] = [
        ("GARBAGE\r\n\r\n", 400), ("GET / HTTP/9.9\r\n\r\n", 505), ("GET /\u{0} HTTP/1.1\r\n\r\n", 400),
        ("\u{16}\u{3}\u{1}\r\n\r\n", 400), ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        ("GET /v2 HTTP/1.1\r\n\r\n", 400), ("GET /v2 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        ("GET /v2 HTTP/1.1\r\nHost: a b/\r\n\r\n", 400), ("GET /v2 HTTP/1.1\nHost: test\n\n", 400),
        ("GET /v2 HTTP/1.1\r\nHost: test\r\nX: a\rb\r\n\r\n", 400),
        ("GET /v2 HTTP/1.1\r\nHost: test\r\nX: a\r\n b\r\n\r\n", 400),
        ("GET /v2 HTTP/1.1\r\n Host: test\r\n\r\n", 400), ("GET /v2 HTTP/1.1\r\nHost : test\r\n\r\n", 400),
        ("GET /" + String(repeating: "x", count: 9000) + " HTTP/1.1\r\nHost: test\r\n\r\n", 414),
        ("GET /v2 HTTP/1.1\r\nHost: test\r\nX: " + String(repeating: "x", count: 17_000) + "\r\n\r\n", 431),
        (post("Transfer-Encoding: gzip, chunked") + "0\r\n\r\n", 501), (post("Transfer-Encoding: gzip"), 400),
        (post("Content-Length: 5", "Transfer-Encoding: chunked") + "0\r\n\r\n", 400),
        (post("Content-Length: 5", "Content-Length: 6") + "01234", 400),
        (post("Transfer-Encoding: chunked") + "zz\r\n", 400), (post("Transfer-Encoding: chunked") + "1\r\nab\r\n", 400),
        (post("Transfer-Encoding: chunked") + "0\r\nX : y\r\n\r\n", 400),
        (post("Expect: a miracle", "Content-Length: 1"), 417),
        (post("Expect: 100-continue", "Expect: a miracle", "Content-Length: 1"), 417),
    ]

    /// What cannot be read is answered once, and nothing behind it is taken for a request.
    @Test(arguments: refused)
    func refusalsThatEndTheConnection(bytes: String, status: Int) async throws {
        let answers = try await answers(bytes + Self.last)
        #expect(answers.map(\.status) == [status])
        let answer = try #require(answers.first)
        #expect(answer.headers["connection"] == "close")
        #expect(answer.headers["content-type"] == "application/json")
        #expect(answer.headers["date"] != nil && answer.headers["x-request-id"] != nil)
        #expect(try !answer.error.isEmpty)
    }

    /// A client that has said all it will, and has said too little, hears so.
    @Test(arguments: [
        (post("Content-Length: 5") + "0123", "within its body"), (post("Content-Length: 5"), "within its body"),
        (post("Transfer-Encoding: chunked") + "5\r\n01", "within its body"),
        ("GET /v2 HTTP/1.1\r\nHo", "within its head"),
    ])
    func halfARequestIsAnswered(bytes: String, words: String) async throws {
        try await TestGateway.with { test async throws in
            try await HTTPConnection.with(port: test.port) { connection in
                try await connection.send(Array(bytes.utf8))
                connection.finish()
                let answer = try HTTPAnswer(await connection.readToEnd())
                #expect(answer.status == 400)
                #expect(answer.headers["connection"] == "close")
                #expect(try answer.error.contains(words))
            }
        }
    }

    private static let accepted: [(String, [Int])] = [
        ("GET http://elsewhere:80/v2 HTTP/1.1\r\nHost: test\r\n\r\n", [200]),
        ("\r\nGET /v2 HTTP/1.1\r\nhOST:test\r\n\r\n", [200]),
        (
            "GET /v2 HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\nabcGET /v2 HTTP/1.1\r\nHost:\r\n\r\n",
            [200, 200]
        ),
        (post("Content-Length: \(row.utf8.count)") + row + "\r\n", [200]),
        (
            post("Transfer-Encoding: chunked") + "10;a=b\r\n\(row.prefix(16))\r\n"
                + String(row.utf8.count - 16, radix: 16) + "\r\n\(row.dropFirst(16))\r\n0\r\nA: b\r\n\r\n", [200]
        ),
        (post("Transfer-Encoding: chunked") + "0\r\n\r\n", [400]),
        (post("Content-Encoding: br", "Content-Length: 5") + "01234", [415]),
        (post("Content-Length: 5", path: "/nowhere") + "01234", [404]),
        (post("Content-Length: 5", path: "/v2") + "01234", [405]),
        (post("Transfer-Encoding: chunked", path: "/v2/logging") + "5\r\n01234\r\n0\r\n\r\n", [501]),
    ]

    /// What can be read leaves the connection as it was, refused or not.
    @Test(arguments: accepted)
    func whatCanBeReadIsFollowedByTheNext(bytes: String, expected: [Int]) async throws {
        #expect(try await statuses(bytes + Self.last) == expected + [200])
    }

    @Test func expectations() async throws {
        try await TestGateway.with { test async throws in
            try await HTTPConnection.with(port: test.port) { connection in
                // One that has begun to send needs no word, and one of HTTP/1.0 would not understand it.
                let length = "Content-Length: \(Self.row.utf8.count)"
                try await connection.send(Array((Self.post(length, "Expect: 100-Continue") + Self.row).utf8))
                #expect(try await connection.readAnswer().status == 200)
                for expectations in [["Expect: 100-continue"], ["Expect: ", "Expect: 100-continue, 100-continue"]] {
                    let fields = ([length] + expectations).joined(separator: "\r\n")
                    try await connection.send(Array(Self.post(fields).utf8))
                    #expect(try await connection.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
                    try await connection.send(Array(Self.row.utf8))
                    #expect(try await connection.readAnswer().status == 200)
                }
                let old = "POST /v2/models/sums/infer HTTP/1.0\r\n\(length)\r\nExpect: 100-continue\r\n\r\n"
                try await connection.send(Array(old.utf8))
                try await connection.send(Array(Self.row.utf8))
                #expect(try HTTPAnswer.all(await connection.readToEnd()).map(\.status) == [200])
            }
        }
    }

    /// `close` among the options ends the connection, whatever stands beside it, and the answer says so.
    @Test(arguments: ["close", "Close", "keep-alive, close", "x, close , y"])
    func closeIsHonoured(options: String) async throws {
        let request = "GET /v2 HTTP/1.1\r\nHost: test\r\nConnection: \(options)\r\n\r\n"
        let answers = try await answers(request + Self.last)
        #expect(answers.map(\.status) == [200])
        #expect(answers[0].headers["connection"] == "close")
    }

    /// A client that sends more than is read of it still sees the answer, and that it was the last.
    @Test func theLastAnswerIsSeenWhateverIsStillSent() async throws {
        let limits = GatewayConfiguration.Limits(
            bodyBytes: 1 << 20, requestTimeout: .seconds(3600), lingerTimeout: .seconds(3600))
        try await TestGateway.with(limits: limits) { test async throws in
            for head in [
                Self.post("Content-Length: 40000000"), Self.post("Transfer-Encoding: chunked") + "2625A00\r\n",
            ] {
                let answer = try await HTTPConnection.with(port: test.port) { connection in
                    try await connection.send(Array(head.utf8))
                    let piece = [UInt8](repeating: 0x20, count: 1_000_000)
                    for _ in 0..<40 { try await connection.send(piece) }
                    return try HTTPAnswer(await connection.readToEnd())
                }
                #expect(answer.status == 413)
                #expect(answer.headers["connection"] == "close")
            }
        }
    }
}
