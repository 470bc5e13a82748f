import ClusterProtocol
import Digests
import Foundation
import Messaging
import Testing
import Wire

@testable import Gateway

/// The Open Inference Protocol over a real connection.
@Suite struct OpenInferenceTests {
    @Test func answersJSON() async throws {
        try await TestGateway.with { test async throws in
            let answer = try await test.infer([1, 2, 3.5], extra: #","id":"call-1""#)
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/json")
            #expect(
                answer.text == #"{"model_name":"sums","model_version":"2","id":"call-1","outputs":["#
                    + #"{"name":"logits","datatype":"FP32","shape":[1,2],"data":[6.5,-6.5]},"#
                    + #"{"name":"label","datatype":"BYTES","shape":[1],"data":["yes"]}]}"#)
            #expect(answer.headers["martlet-model-version"] == "2")
            #expect(answer.headers["martlet-checkpoint"] == TestGateway.digest.description)
            #expect(answer.headers["x-request-id"]?.isEmpty == false)
        }
    }

    @Test func answersWithTheVersionOrAliasAskedFor() async throws {
        try await TestGateway.with { test async throws in
            for (path, version) in [("versions/1/", "1"), ("versions/production/", "2"), ("", "2")] {
                let answer = try await test.infer(path: "/v2/models/sums/\(path)infer")
                #expect(answer.status == 200)
                #expect(answer.headers["martlet-model-version"] == version)
            }
            for version in ["+1", "01", "1%20", "-1"] {
                #expect(
                    try await test.infer(path: "/v2/models/sums/versions/\(version)/infer").status == 404, "\(version)")
            }
            let unknown = try await test.infer(path: "/v2/models/sums/versions/9/infer")
            #expect(unknown.status == 404)
            #expect(
                try unknown.error == """
                    model 'sums': version 9 is not served here: expected 1, 2, production; a version that was trained is \
                    served once it is promoted
                    """)
            let alias = try await test.infer(path: "/v2/models/sums/versions/canary/infer")
            #expect(alias.status == 404)
            #expect(
                try alias.error == """
                    model 'sums' has no version or alias 'canary' here: expected 1, 2, production, or promote a version to \
                    'canary'
                    """)
            // Nothing can be promoted to what is no alias.
            let sign = try await test.infer(path: "/v2/models/sums/versions/+1/infer")
            #expect(
                try sign.error == "model 'sums' has no version or alias '+1' here: expected 1, 2, production")
            let zeros = try await test.infer(path: "/v2/models/sums/versions/007/infer")
            #expect(zeros.status == 404)
            #expect(
                try zeros.error == """
                    model 'sums' has no version or alias '007' here: expected 1, 2, production; the number of a version is \
                    written without zeros before it
                    """)
            let stranger = try await test.infer(path: "/v2/models/other/infer")
            #expect(stranger.status == 404)
            #expect(
                try stranger.error == """
                    no model 'other' is served here: expected sums; one that was trained is served once a version of it is \
                    promoted
                    """)
        }
    }

    @Test func answersBinary() async throws {
        try await TestGateway.with { test async throws in
            let json = #"""
                {"inputs":[{"name":"input","shape":[2,3],"datatype":"FP32","parameters":{"binary_data_size":24}}],
                 "parameters":{"binary_data_output":true},
                 "outputs":[{"name":"label","parameters":{"binary_data":false}},{"name":"logits"}]}
                """#
            let tensor = [1, 1, 1, -1, -2, -3 as Float].withUnsafeBytes(Array.init)
            let answer = try await test.request(
                "POST", "/v2/models/sums/infer", headers: ["Inference-Header-Content-Length": "\(json.utf8.count)"],
                body: Array(json.utf8) + tensor)
            #expect(answer.status == 200)
            let header = try #require(answer.headers["inference-header-content-length"].flatMap { Int($0) })
            let text = String(decoding: answer.body.prefix(header), as: UTF8.self)
            #expect(text.contains(#""shape":[2,2],"parameters":{"binary_data_size":16}"#))
            #expect(text.contains(#""data":["yes","no "]"#))
            #expect(Array(answer.body.dropFirst(header)) == [3, -3, -6, 6 as Float].withUnsafeBytes(Array.init))
        }
    }

    @Test func metadataHealthAndRepository() async throws {
        try await TestGateway.with { test async throws in
            #expect(try await test.request("GET", "/v2").json["name"] as? String == "martlet")
            #expect(try await test.request("GET", "/v2/health/live").status == 200)
            #expect(try await test.request("GET", "/v2/health/ready").status == 200)
            let metadata = try await test.request("GET", "/v2/models/sums")
            #expect(
                metadata.text == #"{"name":"sums","versions":["1","2"],"platform":"martlet","inputs":["#
                    + #"{"name":"input","datatype":"FP32","shape":[-1,3]}],"outputs":["#
                    + #"{"name":"logits","datatype":"FP32","shape":[-1,2]},"#
                    + #"{"name":"probabilities","datatype":"FP32","shape":[-1,2]},"#
                    + #"{"name":"label","datatype":"BYTES","shape":[-1]}]}"#)
            #expect(metadata.headers["martlet-model-version"] == "2")
            #expect(try await test.request("GET", "/v2/models/sums/versions/1/ready").status == 200)
            #expect(try await test.request("GET", "/v2/models/none/ready").status == 404)
            let index = try await test.request("POST", "/v2/repository/index", body: Array("{}".utf8))
            #expect(index.text.hasPrefix(#"[{"name":"sums","version":"1","state":"READY","reason":""}"#))
            let nowhere = try await test.request("GET", "/v2/nonsense")
            #expect(nowhere.status == 404)
            #expect(try nowhere.error.contains("no route for GET /v2/nonsense"))
        }
    }

    /// What tritonclient asks with `get_model_config` and `get_inference_statistics`.
    @Test func configurationAndStatistics() async throws {
        try await TestGateway.with { test async throws in
            let configuration = try await test.request("GET", "/v2/models/sums/config")
            #expect(
                configuration.text == #"{"name":"sums","platform":"martlet","backend":"martlet","#
                    + #""version_policy":{"specific":{"versions":[1,2]}},"max_batch_size":0,"#
                    + #""input":[{"name":"input","data_type":"TYPE_FP32","dims":[-1,3]}],"#
                    + #""output":[{"name":"logits","data_type":"TYPE_FP32","dims":[-1,2]},"#
                    + #"{"name":"probabilities","data_type":"TYPE_FP32","dims":[-1,2]},"#
                    + #"{"name":"label","data_type":"TYPE_STRING","dims":[-1]}]}"#)
            for _ in 0..<3 { #expect(try await test.infer().status == 200) }
            _ = try await test.request("POST", "/v2/models/sums/infer", body: Array("{".utf8))
            let versions = try await Self.statistics(test, "/v2/models/sums/stats")
            #expect(versions.map { $0["version"] as? String } == ["1", "2"])
            #expect(versions.map { $0["inference_count"] as? Int } == [0, 3])
            #expect(versions.map { $0["execution_count"] as? Int } == [0, 3])
            #expect((versions[1]["last_inference"] as? Int ?? 0) > 1_700_000_000_000)
            let durations = try #require(versions[1]["inference_stats"] as? [String: [String: Int]])
            #expect(durations["success"]?["count"] == 3 && durations["fail"]?["count"] == 1)
            #expect(durations["success"]?["ns"] ?? 0 > 0 && durations["queue"] == ["count": 0, "ns": 0])
            #expect(try await Self.statistics(test, "/v2/models/sums/versions/2/stats").count == 1)
            #expect(try await Self.statistics(test, "/v2/models/stats").count == 2)
            #expect(try await test.request("GET", "/v2/models/none/stats").status == 404)
            #expect(try await test.request("GET", "/v2/models/none/config").status == 404)
        }
    }

    private static func statistics(_ test: TestGateway, _ path: String) async throws -> [[String: any Sendable]] {
        let answer = try await test.request("GET", path)
        #expect(answer.status == 200)
        return try answer.json["model_stats"] as? [[String: any Sendable]] ?? []
    }

    /// What there is not is said to be not there, and is not advertised.
    @Test func whatIsNotOfferedIsSaid() async throws {
        try await TestGateway.with { test async throws in
            let requests = [
                ("GET", "/v2/logging"), ("POST", "/v2/logging"), ("GET", "/v2/trace/setting"),
                ("POST", "/v2/models/sums/trace/setting"), ("GET", "/v2/systemsharedmemory/status"),
                ("POST", "/v2/cudasharedmemory/region/x/register"), ("POST", "/v2/repository/models/sums/load"),
                ("POST", "/v2/repository/models/sums/unload"),
            ]
            for (method, path) in requests {
                let answer = try await test.request(method, path, body: method == "POST" ? Array("{}".utf8) : [])
                #expect(answer.status == 501)
                #expect(try answer.error.hasPrefix("not offered here: "), "\(path)")
            }
            let server = try await test.request("GET", "/v2").json
            #expect(
                server["extensions"] as? [String] == ["binary_tensor_data", "model_configuration", "statistics"])
        }
    }

    /// What is there and held, what is there and held by nobody, and what is not there.
    @Test func readinessOfModels() async throws {
        try await TestGateway.with { test async throws in
            func status(_ path: String) async throws -> Int {
                try await test.request("GET", "/v2/models/\(path)/ready").status
            }
            #expect(try await status("sums") == 200)
            #expect(try await status("sums/versions/1") == 200)
            #expect(try await status("other") == 404)
            #expect(try await status("sums/versions/9") == 404)
            try await test.gateway.update(TestGateway.table(epoch: 6, []))
            #expect(try await status("sums") == 503)
        }
    }

    /// What the table says of nodes that have gone is not passed on: a request would find nobody.
    @Test func nodesThatHaveGoneHoldNothing() async throws {
        try await TestGateway.with(nodes: 2) { test async throws in
            func readyVersions() async throws -> Int {
                let index = try await test.request("POST", "/v2/repository/index")
                return index.text.ranges(of: #""state":"READY""#).count
            }
            func status() async throws -> Int { try await test.request("GET", "/v2/models/sums/ready").status }
            test.network.disconnect("inference-0")
            #expect(try await status() == 200)
            #expect(try await readyVersions() == 2)
            test.network.disconnect("inference-1")
            let answer = try await test.request("GET", "/v2/models/sums/ready")
            #expect(answer.status == 503 && answer.headers["retry-after"] == "1")
            #expect(answer.text == #"{"name":"sums","ready":false}"#)
            #expect(try await readyVersions() == 0)
            test.network.reconnect("inference-0")
            #expect(try await status() == 200)
            #expect(try await readyVersions() == 2)
        }
    }

    /// Of two values of a field that says what a body means or how long it is waited for, neither counts.
    @Test(arguments: ["martlet-timeout-ms", "inference-header-content-length"])
    func fieldsThatMayBeThereOnce(name: String) async throws {
        try await TestGateway.with(nodes: 1) { test async throws in
            let answer = try await test.infer(headers: [name: "5000", name.uppercased(): "6000"])
            #expect(answer.status == 400)
            #expect(try answer.error == "\(name): expected this field once, got it 2 times")
            #expect(test.nodes[0].requests.isEmpty)
        }
    }

    @Test func isNotReadyWithoutARoutingTable() async throws {
        try await TestGateway.with(table: nil) { test async throws in
            #expect(try await test.request("GET", "/v2/health/live").status == 200)
            let health = try await test.request("GET", "/v2/health/ready")
            #expect(health.status == 503 && health.headers["retry-after"] == "1")
            let reason = "this gateway does not know yet what is served: no coordinator has told it; try again"
            for (method, path) in [
                ("GET", "/v2/models/sums"), ("GET", "/v2/models/sums/ready"), ("GET", "/v2/models/sums/config"),
                ("GET", "/v2/models/stats"), ("GET", "/v2/models/sums/stats"), ("POST", "/v2/repository/index"),
            ] {
                let answer = try await test.request(method, path)
                #expect(answer.status == 503 && answer.headers["retry-after"] == "1", "\(path)")
                #expect(try answer.error == reason, "\(path)")
            }
            let answer = try await test.infer()
            #expect(answer.status == 503 && answer.headers["retry-after"] == "1")
            #expect(try answer.error == reason)
        }
    }

    @Test func aTableWithoutModelsIsOne() async throws {
        try await TestGateway.with(table: { _ in RoutingTable(epoch: 0, models: []) }) { test async throws in
            #expect(try await test.request("GET", "/v2/health/ready").status == 200)
            #expect(try await test.request("POST", "/v2/repository/index").status == 200)
            let answer = try await test.infer()
            #expect(answer.status == 404)
            #expect(try answer.error == "no model is served yet: promote a version first")
        }
    }

    @Test(arguments: [
        ("", "'{' to begin the request"), ("{\"inputs\":", "'[' to begin inputs, found the end"),
        (#"{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}"#, "expected shape [-1, 3]"),
        (
            #"{"inputs":[{"name":"input","shape":[1,3],"datatype":"BYTES","data":["1","2","3"]}]}"#,
            "expected datatype FP32"
        ),
        (#"{"inputs":[{"name":"input","shape":[0,3],"datatype":"FP32","data":[]}]}"#, "the batch is empty"),
        (#"{"inputs":[{"name":"input","shape":[1,3],"datatype":"FP32","data":[1,NaN,3]}]}"#, "NaN"),
    ])
    func saysWhatWasExpected(body: String, message: String) async throws {
        try await TestGateway.with(nodes: 1) { test async throws in
            let answer = try await test.request("POST", "/v2/models/sums/infer", body: Array(body.utf8))
            #expect(answer.status == 400)
            #expect(try answer.error.contains(message), "\(answer.text)")
            #expect(answer.headers["martlet-model-version"] == "2")
            #expect(test.nodes[0].requests.isEmpty, "nothing of it may reach a node")
        }
    }

    @Test func requestIDsAndTraces() async throws {
        try await TestGateway.with(nodes: 1) { test async throws in
            let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            let answer = try await test.infer(headers: ["X-Request-ID": "caller-7", "traceparent": trace])
            #expect(answer.headers["x-request-id"] == "caller-7")
            let sent = try #require(test.nodes[0].requests.first?.envelope.traceparent.flatMap(TraceParent.init))
            #expect(sent.traceID == "0af7651916cd43dd8448eb211c80319c" && sent.isSampled)
            #expect(sent.parentID != "b7ad6b7169203331", "this hop is the next one's parent")

            let two = try await test.infer(headers: ["traceparent": trace, "Traceparent": trace])
            #expect(two.status == 200 && test.nodes[0].requests.count == 2)
            #expect(test.nodes[0].requests.last?.envelope.traceparent == nil, "of two there is no telling which counts")

            let bad = try await test.infer(headers: [
                "X-Request-ID": String(repeating: "x", count: 200), "traceparent": "00-0-0-0",
            ])
            #expect((bad.headers["x-request-id"]?.count ?? 0) <= 16)
            #expect(test.nodes[0].requests.last?.envelope.traceparent == nil)
        }
    }

    /// The same request over one connection again and again.
    @Test func keepsConnectionsOpen() async throws {
        try await TestGateway.with { test async throws in
            let json = Array(#"{"inputs":[{"name":"input","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}"#.utf8)
            let head = "POST /v2/models/sums/infer HTTP/1.1\r\nHost: test\r\nContent-Length: \(json.count)\r\n\r\n"
            try await HTTPConnection.with(port: test.port) { connection async throws in
                for _ in 0..<20 {
                    try await connection.send(Array(head.utf8) + json)
                    #expect(try await connection.readAnswer().status == 200)
                }
            }
        }
    }
}
