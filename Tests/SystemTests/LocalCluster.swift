import JobProtocol
import LocalCluster
import Foundation
import Testing

/// A whole cluster of real processes in a temporary folder, on ports of its own.
struct LocalCluster: Sendable {
    let folder: URL

    var file: URL { folder.appending(path: "cluster.yaml") }
    var data: URL { folder.appending(path: "data") }

    /// Starts a cluster, runs the body, and takes the cluster down whatever happens.
    ///
    /// - Parameters:
    ///   - cacheBytes: that each worker and inference node keeps; nil: as ever.
    ///   - keepJobs: jobs that are over and kept; nil: as ever.
    ///   - settings: further lines of the cluster file.
    ///   - coordinator: further settings of the coordinator.
    ///   - restart: whether processes that a test kills are started again by the supervisor.
    static func run<T>(
        workers: Int = 2, inference: Int = 2, cacheBytes: Int? = nil, keepJobs: Int? = nil, settings: String = "",
        coordinator: String = "", restart: Bool = false,
        _ body: (LocalCluster) async throws -> T
    ) async throws -> T {
        let cluster = LocalCluster(
            folder: FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString.prefix(8))"))
        try FileManager.default.createDirectory(at: cluster.folder, withIntermediateDirectories: true)
        let cache = cacheBytes.map { ", max_cache_bytes: \($0)" } ?? ""
        let keep = keepJobs.map { ", keep_jobs: \($0)" } ?? ""
        try """
        name: test
        data: data
        coordinator: { port: \(Self.freePort())\(keep), \(coordinator) }
        workers: { count: \(workers), threads: 1\(cache) }
        inference: { count: \(inference)\(cache) }
        gateway: { port: \(Self.freePort()) }
        \(settings)
        """.write(to: cluster.file, atomically: true, encoding: .utf8)
        do {
            try await cluster.expect("cluster", "up", restart ? "--restart" : "--no-restart")
            let result = try await body(cluster)
            try await cluster.takeDown()
            return result
        } catch {
            try? await cluster.takeDown()
            throw error
        }
    }

    /// A port that nobody listens on, from below those that the system gives to outgoing connections: a node that is
    /// killed and started again must find its port free.
    private static func freePort() -> Int {
        while true {
            let port = TCPPort(host: "127.0.0.1", port: .random(in: 10_000..<30_000))
            if port.isFree { return port.port }
        }
    }

    private func takeDown() async throws {
        try await expect("cluster", "down")
        try FileManager.default.removeItem(at: folder)
    }

    /// Runs `martlet` against this cluster.
    func martlet(_ arguments: String...) async throws -> CommandResult {
        try await Command.run(
            Command.martlet, arguments, environment: ["MARTLET_CLUSTER": file.path, "HOME": folder.path])
    }

    /// Runs `martlet` and requires that it succeeds.
    @discardableResult
    func expect(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws -> CommandResult
    {
        try await expect(arguments, sourceLocation: sourceLocation)
    }

    @discardableResult
    func expect(_ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation) async throws -> CommandResult
    {
        let result = try await Command.run(
            Command.martlet, arguments, environment: ["MARTLET_CLUSTER": file.path, "HOME": folder.path])
        try #require(
            result.status == 0, "martlet \(arguments.joined(separator: " ")): \(result.errors)\(result.output)",
            sourceLocation: sourceLocation)
        return result
    }

    func status() async throws -> ClusterStatus {
        try await expect("status", "--json").decoded()
    }

    func job(_ id: String) async throws -> JobStatus {
        try await expect("job", "show", id, "--json").decoded()
    }

    /// The newest job's final state after a `train`, however it ended.
    /// The whole of it: a list has the last epoch of a curve alone.
    func lastJob() async throws -> JobStatus {
        try await job(try #require(try await jobs().last).id)
    }

    /// In order of submission: by the number that ends a job's name, since several may be submitted in a second.
    func jobs() async throws -> [JobSummary] {
        let jobs: [JobSummary] = try await expect("jobs", "--json").decoded()
        let numbered = try jobs.map { (try #require($0.id.split(separator: "-").last.flatMap { Int($0) }), $0) }
        return numbered.sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// Where the gateway answers, such as http://127.0.0.1:41234.
    func gateway() throws -> String {
        try String(contentsOf: data.appending(path: "run/gateway-0.endpoint"), encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func processID(of node: String) async throws -> Int32 {
        let nodes = try await status().nodes
        return Int32(try #require(nodes.first { $0.name == node }).processID)
    }

    /// Ends a node's process as a power cut would.
    func kill(_ node: String) async throws {
        #expect(Foundation.kill(try await processID(of: node), SIGKILL) == 0)
    }

    /// Keeps a node's process from doing anything, though it is there.
    func stop(_ node: String) async throws {
        #expect(Foundation.kill(try await processID(of: node), SIGSTOP) == 0)
    }

    /// Asks again and again until the condition holds.
    func wait(
        for what: String, timeout: Duration = .seconds(30), sourceLocation: SourceLocation = #_sourceLocation,
        until condition: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + timeout
        while try await !condition() {
            try #require(
                ContinuousClock.now < deadline, "\(what): not within \(timeout)", sourceLocation: sourceLocation)
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
