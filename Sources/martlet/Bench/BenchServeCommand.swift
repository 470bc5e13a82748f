import ArgumentParser
import Cluster
import Foundation
import LoadTesting

struct BenchServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Requests per second and latency through the gateway.",
        discussion: """
            Example: martlet bench serve --connections 16

            The 784-512-512-10 network on two inference nodes, one row of JSON in each request. The load comes from \
            this process, so gateway, nodes and load share the machine.
            """)

    @Option(help: "Connections that each have one request under way.")
    var connections = 16

    @Option(help: "Seconds to measure, after two that are not counted.")
    var seconds = 8.0

    @Option(help: "Inference nodes.")
    var nodes = 2

    @OptionGroup var output: Output

    func run() async throws {
        let report = try await TemporaryCluster.with(workers: 1, inference: nodes) { folder in
            try await serveModel(in: folder)
            let generator = try Self.generator(for: folder, connections: connections)
            return try await onOwnThread("load") {
                _ = try generator.run(seconds: 2)
                return try generator.run(seconds: seconds)
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
        try Workload.writeData(rows: 256, to: data)
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

    private static func generator(for folder: ClusterFolder, connections: Int) throws -> LoadGenerator {
        let url = folder.endpoint(of: NodeName.gateway).flatMap { URL(string: $0) }
        guard let host = url?.host(), let port = url?.port.flatMap({ UInt16(exactly: $0) }) else {
            throw CommandFailure("the gateway's address is not known")
        }
        let numbers = (1...784).map { String(format: "%.4f", Double($0 % 17) / 17) }.joined(separator: ",")
        let body = """
            {"inputs":[{"name":"input","shape":[1,784],"datatype":"FP32","data":[\(numbers)]}]}
            """
        let head =
            "POST /v2/models/bench-mlp/infer HTTP/1.1\r\nHost: \(host):\(port)\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        return LoadGenerator(host: host, port: port, request: Array((head + body).utf8), connections: connections)
    }
}
