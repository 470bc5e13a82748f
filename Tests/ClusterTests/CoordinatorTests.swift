@testable import Nodes
import ControlPlane
import Checkpoints
import Datasets
import Digests
import Foundation
import Testing
import Training
import Wire

@testable import ClusterProtocol
@testable import JobProtocol
@testable import Coordinator

/// The whole coordinator, with messages, threads and a store, against nodes with real control links.
@Suite struct CoordinatorTests {
    private let cluster = try! TestCluster()

    private func node(_ name: String, _ role: Role = .worker) throws -> TestNode {
        try TestNode(name, role, in: cluster)
    }

    /// A job from submission to the last checkpoint on these workers; finished, if wanted, as a version.
    @discardableResult
    private func train(
        _ client: OperatorClient, on workers: [TestNode], step: Int = 1, accuracy: Double = 0.95
    ) async throws -> JobStatus {
        let before = workers[0].state.assignments.count
        let job = try await client.submit(specification: cluster.job(workers: workers.count), source: "name: digits")
        try await eventually("\(job.id) is assigned") { workers[0].state.assignments.count > before }
        let assignment = workers[0].state.assignments[before]
        let checkpoint = TestCheckpoint(step: step)
        try await checkpoint.commit(assignment, by: workers)
        try await workers[0].control.call(checkpoint.finished(assignment, accuracy: accuracy))
        for worker in workers { worker.change { $0.report.worker = WorkerReport() } }
        return try await client.job(job.id)
    }

    @Test func fromAJobFileToAServingVersion() async throws {
        let workers = [try node("worker-0"), try node("worker-1")]
        let replicas = [try node("inference-0", .inference), try node("inference-1", .inference)]
        let gateway = try node("gateway-0", .gateway)
        try await cluster.withCoordinator { client in
            try await withNodes(workers + replicas + [gateway]) {
                let submitted = try await client.submit(specification: cluster.job(), source: "name: digits")
                #expect(submitted.id == "digits-1" && submitted.state == .preparing)

                let assignment = try await workers[0].assignment(generation: 1)
                #expect(assignment.members.map(\.slices) == [0..<2, 2..<4])
                #expect(assignment.plan.trainingRows == 48 && assignment.plan.training.count == 4)
                let cache = try cluster.cache()
                for shard in assignment.plan.training + assignment.plan.test {
                    try await workers[0].control.fetch(shard.digest, into: cache)
                    #expect(try cache.store.size(of: shard.digest) == shard.bytes)
                }

                workers[0].control.tell(
                    ProgressReport(
                        job: "digits-1", generation: 1, epoch: 1, epochs: 3, step: 2, steps: 6, loss: 0.5,
                        samplesPerSecond: 10, secondsLeft: 1))
                try await eventually("progress is shown") { try await client.job("digits-1").progress?.step == 2 }

                let checkpoint = TestCheckpoint(step: 1)
                try await checkpoint.commit(assignment, by: workers)
                #expect(try await client.job("digits-1").curve.map(\.step) == [1])
                try await workers[0].control.call(checkpoint.finished(assignment))

                let finished = try await client.job("digits-1")
                #expect(finished.state == .finished && finished.version == 1)
                #expect(finished.metrics == ["accuracy": 0.95])
                #expect(try await client.jobs().jobs.map(\.id) == ["digits-1"])
                #expect(try await client.model("digits").versions.map(\.gate.passed) == [true])

                let promotion = Task { try await client.promote("digits", version: 1, to: "production") }
                for replica in replicas {
                    try await eventually("\(replica.name) is told to load") { !replica.state.loads.isEmpty }
                    let load = try #require(replica.state.loads.first)
                    try await replica.control.fetch(load.manifest, into: cache)
                    let manifest = try Manifest.decode(try cache.store.contents(of: load.manifest))
                    #expect(manifest.golden.output == [0, 0, 1])
                    try await replica.control.fetch(try manifest.file(named: "model.safetensors").digest, into: cache)
                    #expect(try cache.store.contents(of: checkpoint.reference.model) == checkpoint.model)
                    replica.report(load, .ready)
                }
                #expect(try await promotion.value.replicas == ["inference-0", "inference-1"])
                try await eventually("the gateway has the table") {
                    gateway.state.tables.last?.models.first?.nodes.count == 2
                }
                let status = try await client.status()
                #expect(status.models.map(\.replicasReady) == [2])
                #expect(status.nodes.map(\.name).contains("gateway-0"))
                #expect(status.nodes.allSatisfy { $0.state == .alive && $0.residentBytes > 0 })
                let error = await #expect(throws: Failure.self) {
                    try await client.rollback("digits", alias: "production")
                }
                #expect(error?.code == .failedPrecondition)
            }
        }
    }

    @Test func restartInterruptsNothing() async throws {
        let workers = [try node("worker-0"), try node("worker-1")]
        let second = TestCheckpoint(step: 2)
        try await withNodes(workers) {
            let (assignment, id) = try await cluster.withCoordinator { client in
                _ = try await client.submit(specification: cluster.job(), source: "")
                let assignment = try await workers[0].assignment(generation: 1)
                _ = try await workers[1].assignment(generation: 1)
                try await TestCheckpoint(step: 1).commit(assignment, by: workers)
                // Uploaded, but not committed, when the coordinator ends.
                for (rank, worker) in workers.enumerated() {
                    try await second.upload(rank: rank, of: 2, by: worker)
                }
                return (assignment, try await client.status().clusterID)
            }
            // A rank that says it is done while the coordinator is away repeats itself until it is heard.
            let early = Task { try await second.commit(rank: 0, of: assignment, by: workers[0]) }
            try await cluster.withCoordinator { client in
                #expect(try await client.status().clusterID == id)
                #expect(try await client.job("digits-1").state == .running)
                #expect(try await client.job("digits-1").curve.map(\.step) == [1])
                try await second.commit(rank: 1, of: assignment, by: workers[1])
                try await early.value
                #expect(try await client.job("digits-1").curve.map(\.step) == [1, 2])
                try await eventually("both workers are back") {
                    try await client.status().nodes.filter { $0.role == .worker }.map(\.activity) == ["idle", "idle"]
                }
                cluster.time.advance(by: .seconds(2))
                try await workers[0].control.call(second.finished(assignment))
                #expect(try await client.job("digits-1").version == 1)
                #expect(workers.allSatisfy { $0.state.stops.isEmpty && $0.state.assignments.count == 1 })
            }
        }
    }

    @Test func deadWorkerIsReplacedFromTheLastCheckpoint() async throws {
        let survivor = try node("worker-0")
        let victim = try node("worker-1")
        try await cluster.withCoordinator { client in
            try await withNodes([survivor]) {
                let assignment = try await withNodes([victim]) {
                    _ = try await client.submit(specification: cluster.job(), source: "")
                    let assignment = try await survivor.assignment(generation: 1)
                    _ = try await victim.assignment(generation: 1)
                    try await TestCheckpoint(step: 1).commit(assignment, by: [survivor, victim])
                    return assignment
                }
                // The victim says nothing more. Time passes, but never so much that the survivor is missed.
                try await eventually("the victim is given up") {
                    let seen = try await client.status().nodes.first { $0.name == "worker-0" }?.lastSeen
                    if let seen, cluster.time.now.date.timeIntervalSince(seen) < 0.5 {
                        cluster.time.advance(by: .milliseconds(500))
                    }
                    return survivor.state.assignments.contains { $0.generation == 2 }
                }
                let resumed = try await survivor.assignment(generation: 2)
                #expect(resumed.members.map(\.name) == ["worker-0"])
                #expect(resumed.members.map(\.slices) == [0..<4])
                #expect(resumed.resume == TestCheckpoint(step: 1).reference)
                #expect(resumed.curve.map(\.step) == [1])
                #expect(survivor.state.stops.map(\.generation) == [assignment.generation])
                #expect(
                    try await client.job("digits-1").detail
                        == "on 1 worker from step 1, after: worker-1 died: no heartbeat for 3 s")
                let cache = try cluster.cache()
                try await survivor.control.fetch(try #require(resumed.resume).model, into: cache)
            }
        }
    }

    @Test func damagedUploadIsNotCommittedAndThePreviousCheckpointStays() async throws {
        let worker = try node("worker-0")
        try await cluster.withCoordinator { client in
            try await withNodes([worker]) {
                _ = try await client.submit(specification: cluster.job(workers: 1), source: "")
                let assignment = try await worker.assignment(generation: 1)
                try await TestCheckpoint(step: 1).commit(assignment, by: [worker])
                let broken = TestCheckpoint(step: 2)
                try await broken.upload(rank: 0, of: 2, by: worker)
                let error = await #expect(throws: Failure.self) {
                    // Asked once: to a second question the generation would be over.
                    try await broken.commit(rank: 0, of: assignment, by: worker, timeout: .seconds(120))
                }
                #expect(error?.message.contains("checkpoint of step 2 was not stored") == true)
                let resumed = try await worker.assignment(generation: 2)
                #expect(resumed.resume == TestCheckpoint(step: 1).reference)
                try await TestCheckpoint(step: 2).commit(resumed, by: [worker])
                #expect(try await client.job("digits-1").curve.map(\.step) == [1, 2])
            }
        }
    }

    @Test func onlyWhatIsReferredToStaysInTheStore() async throws {
        let worker = try node("worker-0")
        let store = cluster.configuration.storeFolder
        try await cluster.withCoordinator { client in
            try await withNodes([worker]) {
                _ = try await client.submit(specification: cluster.job(workers: 1), source: "")
                let assignment = try await worker.assignment(generation: 1)
                for step in 1...3 { try await TestCheckpoint(step: step).commit(assignment, by: [worker]) }
                let last = TestCheckpoint(step: 3)
                try await worker.control.call(last.finished(assignment))
            }
        }
        let digest = TestCheckpoint(step: 3).reference.model
        try await eventually("shards and old checkpoints are gone") {
            try ContentStore(root: store).contents().count == 2
        }
        #expect(try ContentStore(root: store).contains(digest))

        // What a crash leaves behind is removed at the next start.
        let orphan = try ContentStore(root: store).put(Array("orphan".utf8))
        let uploads = try ContentStore(root: store)
        try uploads.beginUpload("g99-forgotten", total: 5)
        try await cluster.withCoordinator { _ in }
        let after = try ContentStore(root: store, keepingUploads: true)
        #expect(!after.contains(orphan) && after.contains(digest))
        #expect(try after.uploads() == [])
    }

    @Test func promotionAndRollbackSurviveARestart() async throws {
        let worker = try node("worker-0")
        let replica = try node("inference-0", .inference)
        let gateway = try node("gateway-0", .gateway)
        let promote: @Sendable (OperatorClient, Int) async throws -> Void = { client, version in
            let promotion = Task { try await client.promote("digits", version: version, to: "production") }
            try await eventually("version \(version) is to be loaded") {
                replica.state.loads.contains { $0.version == version }
            }
            replica.report(replica.state.loads.last { $0.version == version }!, .ready)
            _ = try await promotion.value
        }
        try await withNodes([worker, replica, gateway]) {
            let epoch = try await cluster.withCoordinator { client in
                for step in 1...2 { try await train(client, on: [worker], step: step) }
                try await promote(client, 1)
                try await promote(client, 2)
                try await eventually("the gateway has the table") {
                    gateway.state.tables.last?.models.map(\.version) == [1, 2]
                }
                return try #require(gateway.state.tables.last?.epoch)
            }
            try await cluster.withCoordinator { client in
                let outcome = try await client.rollback("digits", alias: "production")
                #expect(outcome.version == 1 && outcome.previous == 2)
                #expect(outcome.routingEpoch == epoch + 1)
                #expect(outcome.replicas == ["inference-0"])
                try await eventually("the gateway has the older version again") {
                    gateway.state.tables.last?.models.first { $0.version == 1 }?.aliases == ["production"]
                }
            }
        }
    }

    @Test func corruptedVersionIsRefusedByTheNodesAndServingGoesOn() async throws {
        let worker = try node("worker-0")
        let replica = try node("inference-0", .inference)
        try await cluster.withCoordinator { client in
            try await withNodes([worker, replica]) {
                try await train(client, on: [worker])
                let promotion = Task { try await client.promote("digits", version: 1, to: "production") }
                try await eventually("it is to be loaded") { !replica.state.loads.isEmpty }
                replica.report(replica.state.loads[0], .failed, reason: "model.safetensors is damaged")
                let error = await #expect(throws: Failure.self) { try await promotion.value }
                #expect(error?.message.contains("inference-0: model.safetensors is damaged") == true)
                #expect(try await client.model("digits").aliases.isEmpty)
                try await eventually("it is to be let go") { !replica.state.unloads.isEmpty }
            }
        }
    }

    @Test func failingGateRefusesPromotionUnlessForced() async throws {
        let worker = try node("worker-0")
        let replica = try node("inference-0", .inference)
        try await cluster.withCoordinator { client in
            try await withNodes([worker, replica]) {
                try await train(client, on: [worker], accuracy: 0.5)
                let error = await #expect(throws: Failure.self) {
                    try await client.promote("digits", version: 1, to: "production")
                }
                #expect(error?.message.contains("accuracy is 0.5, must be >= 0.9: failed") == true)
                let forced = Task {
                    try await client.promote(
                        "digits", version: 1, to: "production", force: true, reason: "demonstration")
                }
                try await eventually("it is to be loaded") { !replica.state.loads.isEmpty }
                replica.report(replica.state.loads[0], .ready)
                #expect(try await forced.value.version == 1)
            }
        }
        let state = try StateStore(file: cluster.configuration.stateFile)
        let record = try #require(try await state.promotions(of: "digits").first)
        #expect(record.forced && record.reason == "demonstration" && record.operatorName == "operator")
    }
}
