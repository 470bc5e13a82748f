import JobProtocol
import ArgumentParser
import LocalCluster
import Foundation
import LoadTesting
import Threads
import Wire

struct BenchServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Requests per second and latency through the gateway.",
        discussion: """
            Example: martlet bench serve --connections 16

            The 784-512-512-10 network on two inference nodes, one row of JSON in each request. The load comes from \
            this process, so gateway, nodes and load share the machine. With --url the same load goes to any server of \
            the Open Inference Protocol that takes 784 numbers: martlet bench serve \
            --url http://127.0.0.1:8000/v2/models/mlp/infer
            """)

    @Option(parsing: .unconditional, help: "Connections that each have one request under way.")
    var connections = 16

    @Option(parsing: .unconditional, help: "Seconds to measure, after two that are not counted.")
    var seconds = 8.0

    @Option(parsing: .unconditional, help: "Inference nodes.")
    var nodes = 2

    @Option(help: "Where to send the load, instead of to a cluster made for it; the host as an IPv4 address.")
    var url: String?

    @OptionGroup var output: Output

    func validate() throws {
        try OptionBounds.check(connections, of: "--connections", in: 1...10_000)
        try OptionBounds.check(nodes, of: "--nodes", in: 1...ClusterFile.largest)
        guard seconds > 0 else { throw ValidationError("--seconds must be more than 0, not \(seconds)") }
        try OptionBounds.check(seconds, of: "--seconds", in: 0...OptionBounds.day)
    }

    func run() async throws {
        let report =
            if let url {
                try await measure(url)
            } else {
                try await TemporaryCluster.with(workers: 1, inference: nodes) { folder in
                    try await serveModel(in: folder)
                    guard let gateway = folder.endpoint(of: NodeName.gateway) else {
                        throw CommandFailure("the gateway's address is not known")
                    }
                    return try await measure(gateway + "/v2/models/bench-mlp/infer")
                }
            }
        let lines = [
            String(
                format: "%.0f requests/s, p50 %.2f ms, p99 %.2f ms, max %.2f ms; %d requests, %d failed",
                report.requestsPerSecond, report.p50Milliseconds, report.p99Milliseconds, report.maximumMilliseconds,
                report.requests, report.failures)
        ]
        try output.show(report, lines: lines)
    }

    /// Trains the network for one epoch on a few rows: for speed, what it has learned does not matter.
    private func serveModel(in folder: ClusterFolder) async throws {
        let data = folder.root.appending(path: "data.csv")
        try Workload.mlp.writeData(rows: 256, to: data)
        try await OperatorSession.with(folder) { session in
            let specification = Workload.mlp.job(data: data, workers: 1, epochs: 1)
            let id = try await session.client.submit(specification: specification, source: "").id
            var job = try await session.client.job(id)
            while !job.state.isFinal {
                try await Task.sleep(for: .milliseconds(50))
                job = try await session.client.job(id)
            }
            guard let version = job.version else {
                throw CommandFailure("the network was not trained: \(job.detail)")
            }
            _ = try await session.client.promote(job.name, version: version, to: "production")
        }
    }

    private func measure(_ address: String) async throws -> LoadGenerator.Report {
        let url = URL(string: address)
        guard let url, url.scheme == "http", let host = url.host(), let port = UInt16(exactly: url.port ?? 80) else {
            throw CommandFailure("expected a URL as http://127.0.0.1:8000/v2/models/mlp/infer, got '\(address)'")
        }
        let numbers = (1...784).map { String(format: "%.4f", Double($0 % 17) / 17) }.joined(separator: ",")
        let generator = LoadGenerator(
            host: host, port: port, path: url.path(),
            json: #"{"inputs":[{"name":"input","shape":[1,784],"datatype":"FP32","data":[\#(numbers)]}]}"#,
            connections: connections)
        // The load must not push aside what it measures.
        BatchScheduling.adopt()
        return try await NamedThread.run("load") {
            _ = try generator.run(seconds: 2)
            return try generator.run(seconds: seconds)
        }
    }
}
