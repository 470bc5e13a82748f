import Checkpoints
import Digests
import Foundation
import Messaging
import NeuralNetworks
import Testing
import Training
import Wire

@testable import ClusterProtocol
@testable import JobProtocol
@testable import ControlPlane

/// What members, jobs and deployments mean to each other.
@Suite struct ControlPlaneTests {
    private var plane = ControlPlane(clusterID: "c", at: .start)
    private var now = Moment.start
    private var lastRequest: UInt64 = 0

    private mutating func request() -> RequestID {
        lastRequest += 1
        return RequestID(lastRequest)
    }

    @discardableResult
    private mutating func join(_ name: String, _ role: Role) -> Effects {
        let request = request()
        return plane.handle(
            .joined(.example(name, role), protocolVersion: protocolVersion, from: .example(name, role), request),
            at: now)
    }

    @discardableResult
    private mutating func beat(_ name: String, _ role: Role, _ report: NodeReport) -> Effects {
        let request = request()
        return plane.handle(
            .heartbeat(
                Heartbeat(incarnation: 1, cpuPercent: 0, residentBytes: 0), report, from: .example(name, role),
                request), at: now)
    }

    private mutating func runJob() throws -> String {
        for name in ["worker-0", "worker-1"] {
            join(name, .worker)
            beat(name, .worker, NodeReport(activity: "idle", worker: WorkerReport()))
        }
        let request = request()
        plane.handle(.submit(SubmitJob(specification: .example(), source: ""), by: "ada", request), at: now)
        plane.handle(.prepared(job: "digits-1", .example(), nil), at: now)
        #expect(plane.scheduler.job("digits-1")?.running != nil)
        return "digits-1"
    }

    private mutating func commit(_ checkpoint: CheckpointReference, job: String) -> Effects {
        var actions: Effects = []
        for rank in 0..<2 {
            let request = request()
            let commit = CheckpointCommit(
                job: job, generation: 1, rank: rank, checkpoint: checkpoint, modelBytes: 1, optimizerBytes: 1,
                curve: [])
            actions += plane.handle(.checkpoint(commit, from: "worker-\(rank)", request), at: now)
        }
        for case .storeCheckpoint(let upload) in actions {
            actions += plane.handle(.checkpointStored(upload), at: now)
        }
        return actions
    }

    @Test mutating func joinIsAnsweredWithTheClusterAndTheInterval() {
        let actions = join("gateway-0", .gateway)
        #expect(
            actions.answer(to: RequestID(1)) == .joined(Joined(clusterID: "c", heartbeatInterval: .milliseconds(500))))
        #expect(
            actions.contains(
                .publish(
                    RoutingTable(epoch: 0, source: StateIdentity(cluster: "c", start: ""), models: []),
                    gateways: ["gateway-0"])))
        #expect(
            beat("gateway-0", .gateway, NodeReport(activity: "")).answer(to: RequestID(2))
                == .heartbeat(HeartbeatReply(known: true)))
        #expect(
            beat("gateway-1", .gateway, NodeReport(activity: "")).answer(to: RequestID(3))
                == .heartbeat(HeartbeatReply(known: false)))
    }

    @Test mutating func whatAJobStartsFromIsNotDeletedBeforeItIsOver() throws {
        let version = StoredVersion(
            name: "digits", version: 1, manifest: .fake("manifest"), details: .example(),
            gate: .init(passed: true, figures: []), registered: now.date)
        plane = ControlPlane(clusterID: "c", stored: StoredState(versions: [version]), at: now)
        var job = JobSpecification.example(name: "fine")
        job.model.base = "digits:1"
        plane.handle(.submit(SubmitJob(specification: job, source: ""), by: "ada", request()), at: now)
        let call = DeleteModel(name: "digits", version: 1)
        let refused = request()
        let failure = plane.handle(.deleteModel(call, by: "ada", refused), at: now).failure(of: refused)
        #expect(failure?.message.contains("job fine-1 starts from digits:1") == true)
        plane.handle(.cancel(job: "fine-1", by: "ada", request()), at: now)
        let request = request()
        let actions = plane.handle(.deleteModel(call, by: "ada", request), at: now)
        #expect(actions.deletion(of: request)?.deleted == ["digits:1"])
        #expect(actions.released == [.fake("manifest"), .fake("digits-1")])
    }

    @Test mutating func silenceOfAWorkerFailsItsGeneration() throws {
        let id = try runJob()
        now = now.advanced(by: .seconds(2))
        beat("worker-0", .worker, NodeReport(activity: "", worker: WorkerReport(job: id, generation: 1)))
        now = now.advanced(by: .seconds(1))
        let actions = Event.Overdue.allCases.flatMap { plane.handle(.due($0), at: now) }
        #expect(actions.stopped == ["worker-0"])
        #expect(plane.scheduler.job(id)?.lastFailure == "worker-1 died: no heartbeat for 3 s")
    }

    @Test mutating func oldCheckpointsAreReleasedButNotTheBestModel() throws {
        let id = try runJob()
        var first = CheckpointReference.example(step: 1)
        #expect(commit(first, job: id).released == [])
        var second = CheckpointReference.example(step: 2)
        second.best = first.best
        #expect(commit(second, job: id).released == [.fake("optimizer-1")])
        first = .example(step: 3)
        #expect(commit(first, job: id).released == [.fake("model-1"), .fake("model-2"), .fake("optimizer-2")])
    }

    @Test mutating func finishedJobLeavesOnlyItsVersion() throws {
        let id = try runJob()
        _ = commit(.example(step: 1), job: id)
        let request = request()
        let report = GenerationFinished(job: id, generation: 1, result: .example(model: "model-1"))
        let asked = plane.handle(.finished(report, from: "worker-0", request), at: now)
        guard case .storeManifest(_, _, let manifest)? = asked.first else {
            Issue.record("no manifest: \(asked)")
            return
        }
        let actions = plane.handle(
            .manifestStored(manifest, .fake("manifest"), job: id, generation: 1), at: now)
        #expect(actions.answer(to: request) == .acknowledgement)
        #expect(actions.released.contains(.fake("optimizer-1")))
        #expect(actions.released.contains(.fake("digits-train-0")))
        #expect(!actions.released.contains(.fake("model-1")))
        #expect(plane.references == [.fake("manifest"), .fake("model-1")])
        let version = try #require(plane.model("digits")?.versions.first)
        #expect(version.gate.passed)
        #expect(version.details.golden.input.isEmpty)
        #expect(version.manifest == .fake("manifest"))
    }

    @Test mutating func sharedContentsStayWhileAnyJobNeedsThem() throws {
        let id = try runJob()
        let second = request()
        plane.handle(.submit(SubmitJob(specification: .example(), source: ""), by: "ada", second), at: now)
        // The second job's data is being cut into the very same shards.
        let cancel = request()
        let cancelled = plane.handle(.cancel(job: id, by: "ada", cancel), at: now)
        #expect(cancelled.released == [])
        plane.handle(.prepared(job: "digits-2", .example(), nil), at: now)
        #expect(plane.released.isEmpty)
        #expect(plane.references.contains(.fake("digits-train-0")))
        let last = request()
        let actions = plane.handle(.cancel(job: "digits-2", by: "ada", last), at: now)
        #expect(actions.released.contains(.fake("digits-train-0")) == true)
    }

    @Test mutating func shardsOfAJobCancelledMeanwhileAreReleased() throws {
        let request = request()
        plane.handle(.submit(SubmitJob(specification: .example(), source: ""), by: "ada", request), at: now)
        plane.handle(.cancel(job: "digits-1", by: "ada", request), at: now)
        #expect(plane.handle(.prepared(job: "digits-1", .example(), nil), at: now).released.count == 8)
    }

    @Test mutating func statusShowsNodesJobsAndModels() throws {
        let id = try runJob()
        join("inference-0", .inference)
        join("gateway-0", .gateway)
        let traffic = GatewayReport.Traffic(
            requestsPerSecond: 10, p50Milliseconds: 1, p99Milliseconds: 2, errorsPerSecond: 0)
        beat(
            "gateway-0", .gateway,
            NodeReport(activity: "10 req/s", gateway: GatewayReport(routingEpoch: 0, traffic: ["digits": traffic])))
        let status = try plane.status(jobs: plane.scheduler.jobs.map { JobSummary(of: $0.status) }, of: 3)
        #expect(status.clusterID == "c")
        #expect(status.nodes.map(\.name) == ["gateway-0", "inference-0", "worker-0", "worker-1"])
        #expect(status.nodes.first?.activity == "10 req/s")
        #expect(status.jobs.map(\.id) == [id])
        #expect(status.models.isEmpty && status.omitted == ClusterStatus.Omitted(jobs: 2))
    }

    /// Nor is what the node may take later.
    @Test(
        arguments: [
            .unanswered("timed out"), .refused(Failure(.queueFull, "64 loads wait")),
            .refused(Failure(.unavailable, "is starting")),
        ] as [OrderOutcome])
    mutating func unansweredLoadIsNoVerdict(_ outcome: OrderOutcome) throws {
        join("inference-0", .inference)
        beat(
            "inference-0", .inference,
            NodeReport(activity: "idle", inference: InferenceReport(replicas: [])))
        let load = Order.load(LoadReplica(model: "m", version: 1, manifest: .fake("m")))
        let actions = plane.handle(
            .orderAnswered(load.subject, node: "inference-0", incarnation: 1, outcome), at: now)
        #expect(actions.logged == ["order not taken"])
        #expect(plane.deployment.nodes["inference-0"]?.replicas.isEmpty == true)
        let refused = plane.handle(
            .orderAnswered(
                load.subject, node: "inference-0", incarnation: 1, .refused(Failure(.invalidArgument, "no"))), at: now)
        #expect(refused.logged == ["order not taken", "replica failed"])
    }

    /// What a job starts from is a version like any other: looked up when the job is submitted, kept while it runs.
    @Test mutating func baseIsLookedUpAndKept() throws {
        let version = plane.deployment.registry.register(
            .example(), digest: .fake("manifest"), gate: ModelStatus.GateResult(passed: true, figures: []), at: now)
        var specification = JobSpecification.example()
        for (base, problem) in [
            ("\(version.name):2", "versions 1"), ("\(version.name)@production", "versions 1"),
            ("nothing:1", "there is no model 'nothing'"),
        ] {
            specification.model.base = base
            let request = request()
            let actions = plane.handle(
                .submit(SubmitJob(specification: specification, source: ""), by: "ada", request), at: now)
            guard case .failure(let failure)? = actions.answer(to: request) else {
                Issue.record("\(base) was taken: \(actions)")
                continue
            }
            #expect(failure.message.contains(problem), "\(failure)")
        }
        specification.model.base = "\(version.name):1"
        let request = request()
        let actions = plane.handle(
            .submit(SubmitJob(specification: specification, source: ""), by: "ada", request), at: now)
        let model = try #require(version.details.files.first { $0.name == "model.safetensors" }).digest
        let start = StartingPoint(base: "\(version.name):1", model: model, manifest: .fake("manifest"))
        #expect(actions.contains(.prepare(job: "digits-1", specification, start: start)))
        plane.handle(.prepared(job: "digits-1", .example(), start), at: now)
        #expect(plane.scheduler.references.contains(model))
        let restarted = ControlPlane(
            clusterID: "c",
            stored: StoredState(jobs: plane.scheduler.jobs.map(\.stored), plans: ["digits-1": .example()]), at: now)
        #expect(restarted.scheduler.job("digits-1")?.start == start)
    }
}
