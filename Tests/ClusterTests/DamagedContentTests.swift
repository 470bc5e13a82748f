@testable import Coordinator
import Checkpoints
import Digests
import Foundation
import Logging
import Messaging
import ServiceLifecycle
import Testing
import Training
import Wire

@testable import ClusterProtocol
@testable import JobProtocol
@testable import Nodes

/// A worker and an inference node as they run, where a disk does not keep what was written.
@Suite(.timeLimit(.minutes(10))) struct DamagedContentTests {
    private let cluster = try! TestCluster()

    private func configuration(_ name: String, _ role: Role) throws -> NodeConfiguration {
        let folder = cluster.folder.url.appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return NodeConfiguration(
            name: name, role: role, cluster: "test", data: folder, keys: folder, endpointFile: nil,
            coordinator: TestCluster.endpoint, listen: "inproc://\(name)", threads: 1)
    }

    /// What a node has in its cache.
    private func cached(_ name: String) -> ContentStore {
        ContentStore(openedElsewhere: cluster.folder.url.appending(path: name).appending(path: "cache"))
    }

    private func withWorker(_ body: @Sendable () async throws -> Void) async throws {
        let messenger = InMemoryMessenger(network: cluster.network, identity: "worker-0", role: .worker)
        let worker = try WorkerNode(configuration("worker-0", .worker), messenger: messenger, logger: .silent)
        try await whileRunning(worker, body)
    }

    private func withInferenceNode(_ body: @Sendable () async throws -> Void) async throws {
        let messenger = InMemoryMessenger(network: cluster.network, identity: "inference-0", role: .inference)
        let node = try InferenceNode(configuration("inference-0", .inference), messenger: messenger, logger: .silent)
        try await whileRunning(node, body)
    }

    private func whileRunning(_ node: some Service, _ body: @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await node.run() }
            defer { tasks.cancelAll() }
            try await body()
        }
    }

    /// The digest of the model that the job makes.
    private func train(_ client: OperatorClient) async throws -> ContentDigest {
        let job = try await client.submit(specification: cluster.job(workers: 1), source: "").id
        try await eventually("\(job) has ended") { try await client.job(job).state.isFinal }
        let status = try await client.job(job)
        #expect(status.state == .finished, "\(status.detail)")
        let version = try #require(try await client.model("digits").versions.last)
        return try version.details.file(named: Manifest.weightsFileName).digest
    }

    @Test func aJobLearnsFromWhatItsShardsWereAndNotFromWhatADiskMadeOfThem() async throws {
        try await cluster.withCoordinator { client in
            try await withWorker {
                let model = try await train(client)
                let contents = try cached("worker-0").contents()
                #expect(contents.count >= 8)
                for digest in contents { _ = try cached("worker-0").damage(digest) }
                #expect(try await train(client) == model)
                try await eventually("it says so") {
                    try await client.status().nodes.first { $0.name == "worker-0" }?.cache?.damaged == contents.count
                }
            }
        }
    }

    /// Everything but the coordinator's folder is made again.
    @Test func aJobGoesOnWhereTheFoldersOfACacheAreGone() async throws {
        try await cluster.withCoordinator { client in
            try await withWorker {
                let model = try await train(client)
                try FileManager.default.removeItem(at: cached("worker-0").root)
                for name in ["staging", "preparation"] {
                    try? FileManager.default.removeItem(at: cluster.configuration.storeFolder.appending(path: name))
                }
                #expect(try await train(client) == model)
                for digest in try cached("worker-0").contents() {
                    let place = cached("worker-0").url(of: digest)
                    try FileManager.default.removeItem(at: place)
                    try FileManager.default.createDirectory(
                        at: place.appending(path: "full"), withIntermediateDirectories: true)
                }
                #expect(try await train(client) == model)
            }
        }
    }

    @Test func aJobWhoseShardsAreDamagedAtTheCoordinatorIsNotTriedAgain() async throws {
        try await cluster.withCoordinator { client in
            let job = try await client.submit(specification: cluster.job(workers: 1), source: "").id
            try await eventually("its data is read") { try await client.job(job).state == .waiting }
            for digest in try cluster.contents.contents() { _ = try cluster.contents.damage(digest) }
            try await withWorker {
                try await eventually("it has ended") { try await client.job(job).state.isFinal }
                let status = try await client.job(job)
                #expect(status.state == .failed && status.generation == 1)
                #expect(status.detail.contains("in the coordinator's store is damaged"), "\(status.detail)")
            }
        }
    }

    /// Within the load that finds it, and not when it is tried again.
    @Test func aVersionIsServedAlthoughItsCachedFilesWereDamaged() async throws {
        try await cluster.withCoordinator { client in
            try await withWorker { _ = try await train(client) }
            try await withInferenceNode {
                try await eventually("there is a node") {
                    try await client.status().nodes.contains { $0.name == "inference-0" }
                }
                // What it learned in three epochs is beside the point.
                _ = try await client.promote(
                    "digits", version: 1, to: "production", force: true, reason: "its files matter, not its accuracy")
            }
            let contents = try cached("inference-0").contents()
            #expect(contents.count >= 2)
            for digest in contents { _ = try cached("inference-0").damage(digest) }
            try await withInferenceNode {
                try await eventually("it is served again") {
                    let status = try await client.status()
                    return status.models.first?.replicasReady == 1
                        && status.nodes.first { $0.name == "inference-0" }?.cache?.damaged == contents.count
                }
            }
        }
    }
}
