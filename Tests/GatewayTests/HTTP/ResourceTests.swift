import NIOHTTP1
import Testing

@testable import Gateway

@Suite struct ResourceTests {
    private typealias Name = Resource.Name

    private static let known: [(String, Resource)] = [
        ("*", .everything), ("/v2", .server), ("/v2/", .server), ("/v2/health/live", .live),
        ("/v2/health/ready?x=/y", .ready), ("/metrics", .metrics), ("/v2/repository/index", .repositoryIndex),
        ("/v2/models/digits", .model(.init(model: "digits"))),
        ("/v2/models/digits/versions/3", .model(.init(model: "digits", version: "3"))),
        ("/v2/models/digits/ready", .modelReady(.init(model: "digits"))),
        ("/v2/models/digits/infer", .inference(.init(model: "digits"))),
        ("/v2/models/a%20b/versions/canary/infer?x=/y/infer", .inference(.init(model: "a b", version: "canary"))),
        ("/v2/models/a%2Fb/infer", .inference(.init(model: "a/b"))),
        ("/v2/models/digits/versions/1/config", .configuration(.init(model: "digits", version: "1"))),
        ("/v2/models/stats", .statistics(nil)), ("/v2/models/digits/stats", .statistics(.init(model: "digits"))),
        ("/v2/models/stats/versions/1", .model(.init(model: "stats", version: "1"))),
    ]

    @Test(arguments: known)
    func paths(path: String, resource: Resource) {
        #expect(Resource(path) == resource)
    }

    /// What clients of Triton can ask, in the paths of `tritonclient.http`.
    @Test(arguments: [
        "/v2/logging", "/v2/trace/setting", "/v2/models/digits/trace/setting", "/v2/systemsharedmemory/status",
        "/v2/systemsharedmemory/region/a/status", "/v2/cudasharedmemory/region/a/register",
        "/v2/repository/models/digits/load", "/v2/repository/models/digits/unload", "/v2/models/digits/generate",
    ])
    func notOffered(path: String) {
        guard case .notOffered? = Resource(path) else { return #expect(Bool(false), "\(path)") }
    }

    @Test(arguments: [
        "", "/", "/v3", "/v2/nowhere", "/v2/health", "/v2/health/dead", "/v2/health/live/x", "/v2/models",
        "/v2/models/digits/versions", "/v2/models/digits/versions/1/infer/x", "/v2/models/a/b/c/infer",
        "/v3/models/a/infer", "/metrics/x", "/v2/repository", "/v2/repository/models/digits",
    ])
    func nothing(path: String) {
        #expect(Resource(path) == nil)
    }

    @Test func whatMayBeDone() {
        #expect(Resource("/v2")?.allow == "GET, HEAD, OPTIONS")
        #expect(Resource("/v2/models/a/infer")?.allow == "POST, OPTIONS")
    }

    /// What must be answered by a gateway that is full.
    @Test func whatIsOperational() {
        let operational = Self.known.filter(\.1.isOperational).map(\.0)
        #expect(operational == ["/v2/health/live", "/v2/health/ready?x=/y", "/metrics"])
    }
}
