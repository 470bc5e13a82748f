import Logging
import Messaging
import NIOHTTP1
import Testing

@testable import Gateway

/// What a path and a method stand for.
@Suite struct RouteTableTests {
    private static let table = Gateway.idle().routes

    private func match(_ path: String, _ method: HTTPMethod = .GET) -> RouteMatch {
        Self.table.match(HTTPRequestHead(version: .http1_1, method: method, uri: path))
    }

    private static let known: [(String, HTTPMethod, String, String?, String?)] = [
        ("/v2", .GET, "server", nil, nil), ("/v2/", .HEAD, "server", nil, nil),
        ("/v2/health/live", .GET, "live", nil, nil), ("/v2/health/ready?x=/y", .GET, "ready", nil, nil),
        ("/metrics", .GET, "metrics", nil, nil), ("/v2/repository/index", .POST, "repository-index", nil, nil),
        ("/v2/models/digits", .GET, "model", "digits", nil),
        ("/v2/models/digits/versions/3", .GET, "model", "digits", "3"),
        ("/v2/models/digits/ready", .GET, "model-ready", "digits", nil),
        ("/v2/models/digits/infer", .POST, "infer", "digits", nil),
        ("/v2/models/a%20b/versions/canary/infer?x=/y/infer", .POST, "infer", "a b", "canary"),
        ("/v2/models/a%2Fb/infer", .POST, "infer", "a/b", nil),
        ("/v2/models/digits/versions/1/config", .GET, "model-config", "digits", "1"),
        ("/v2/models/stats", .GET, "stats", nil, nil), ("/v2/models/digits/stats", .GET, "model-stats", "digits", nil),
        ("/v2/models/stats/versions/1", .GET, "model", "stats", "1"),
        ("/v2/models/stats/stats", .GET, "model-stats", "stats", nil),
        ("/v2/models/versions", .GET, "model", "versions", nil),
    ]

    @Test(arguments: known)
    func paths(path: String, method: HTTPMethod, name: String, model: String?, version: String?) {
        let match = match(path, method)
        #expect(match.route.name == name)
        #expect(match["model"] == model && match["version"] == version)
        #expect(throws: Never.self) {
            try match.route.check(HTTPRequestHead(version: .http1_1, method: method, uri: path))
        }
    }

    /// What clients of Triton can ask, in the paths of `tritonclient.http`.
    @Test(arguments: [
        "/v2/logging", "/v2/trace/setting", "/v2/models/digits/trace/setting", "/v2/systemsharedmemory/status",
        "/v2/systemsharedmemory/region/a/status", "/v2/cudasharedmemory/region/a/register",
        "/v2/repository/models/digits/load", "/v2/repository/models/digits/unload", "/v2/models/digits/generate",
    ])
    func notOffered(path: String) {
        for method in [HTTPMethod.GET, .POST, .OPTIONS] {
            #expect(match(path, method).route.name == "not-offered")
            #expect(status(path, method) == 501)
        }
    }

    @Test(arguments: [
        "", "/", "/v3", "/v2/nowhere", "/v2/health", "/v2/health/dead", "/v2/health/live/x", "/v2/models",
        "/v2/models/digits/versions", "/v2/models/digits/versions/1/infer/x", "/v2/models/a/b/c/infer",
        "/v3/models/a/infer", "/metrics/x", "/v2/repository", "/v2/repository/models/digits",
    ])
    func nothing(path: String) {
        #expect(match(path).route.name == "none")
        for method in [HTTPMethod.GET, .POST, .OPTIONS] { #expect(status(path, method) == 404) }
    }

    /// With which status a head is refused.
    private func status(_ path: String, _ method: HTTPMethod) -> Int? {
        do throws(Refusal) {
            try match(path, method).route.check(HTTPRequestHead(version: .http1_1, method: method, uri: path))
            return nil
        } catch {
            return Int(error.status.code)
        }
    }

    @Test func whatMayBeDone() {
        func allowed(_ path: String) -> String? {
            do throws(Refusal) {
                try match(path, .PUT).route.check(HTTPRequestHead(version: .http1_1, method: .PUT, uri: path))
                return nil
            } catch {
                return error.headers.first?.value
            }
        }
        #expect(allowed("/v2") == "GET, HEAD, OPTIONS")
        #expect(allowed("/v2/models/a/infer") == "POST, OPTIONS")
    }

    @Test func whatMayBeDoneWithTheServer() async {
        let route = match("*", .OPTIONS).route
        guard case .answer = route.action else { return #expect(Bool(false)) }
        #expect(route.name == "options" && !route.terms.isOperational)
        #expect(match("/metrics", .OPTIONS).route.terms.isOperational)
    }

    /// What must be answered by a gateway that is full.
    @Test func whatIsOperational() {
        let operational = Self.known.filter { match($0.0, $0.1).route.terms.isOperational }.map(\.0)
        #expect(operational == ["/v2/health/live", "/v2/health/ready?x=/y", "/metrics"])
    }

    @Test func patterns() {
        #expect(
            PathPattern("/a[/{b}[/c/{d}]]/e").alternatives == [
                [.literal("a"), .literal("e")], [.literal("a"), .parameter("b"), .literal("e")],
                [.literal("a"), .parameter("b"), .literal("c"), .parameter("d"), .literal("e")],
            ])
        #expect(PathPattern("/a/**").alternatives == [[.literal("a"), .rest]])
        #expect(PathPattern("/").alternatives == [[]])
    }
}
