import Checkpoints
import Datasets
import Digests
import Foundation
import Messaging
import Synchronization
import Testing
import Training
import Wire

@testable import ClusterProtocol
@testable import JobProtocol
@testable import Coordinator
@testable import Nodes

/// Every kind of message at the largest size that it can reach: it arrives, whole.
@Suite struct MessageSizeTests {
    private let network = InMemoryNetwork()

    /// Sends a document there and back.
    private func echo(_ document: Document) async throws -> Document? {
        let own = Mutex<(any Listener)?>(nil)
        let server = InMemoryMessenger(network: network, identity: "coordinator", role: .coordinator)
        let listener = try server.bind("inproc://echo-\(document.kind)", admitting: [.worker]) { peer, message in
            guard let document = message.document,
                let answer = try? Message(
                    document, correlationID: message.envelope.messageID)
            else { return }
            try? own.withLock { $0 }?.send(answer, to: peer)
        }
        own.withLock { $0 = listener }
        let client = InMemoryMessenger(network: network, identity: "worker-0", role: .worker)
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
        return try await link.request(Message(document), timeout: .seconds(60)).document
    }

    private func arrives<M: ClusterMessage>(_ message: M) async throws {
        try await arrives(M.kind, message)
    }

    private func arrives<Value: CheckedDocument & Equatable>(_ kind: MessageKind, _ value: Value) async throws {
        let document = try Document(kind, value)
        let back = try #require(try await echo(document), "\(kind)")
        #expect(back.json == document.json, "\(kind)")
        let _: Value = try back.decode()
    }

    private var curve: [EpochRecord] {
        (1...30_000).map { epoch in
            var record = EpochRecord.example(epoch)
            record.metrics = Dictionary(
                uniqueKeysWithValues: (0..<16).map { ("a metric of a long name \($0)", Double(epoch) / 7) })
            return record
        }.thinned()
    }

    private var widePlan: DataPlan {
        var plan = DataPlan.example(slices: 64)
        plan.trainingRows = plan.training.reduce(0) { $0 + $1.rows }
        plan.preprocessing.target.kind = .classes((0..<900_000).map { "a class, number \($0)" })
        return plan
    }

    @Test func progressAndFailures() async throws {
        let name = String(repeating: "n", count: 256)
        try await arrives(
            ProgressReport(
                job: name, generation: .max, epoch: 1 << 48, epochs: 1 << 48, step: 1 << 48, steps: 1 << 48,
                loss: .leastNonzeroMagnitude, samplesPerSecond: .greatestFiniteMagnitude, secondsLeft: .infinity))
        try await arrives(
            GenerationFailed(
                job: name, generation: .max, rank: 1, reason: String(repeating: "\u{1}", count: 1 << 20),
                permanent: true))
        try await arrives(StopGeneration(job: name, generation: .max, reason: String(repeating: "x", count: 16 << 10)))
    }

    @Test func checkpoints() async throws {
        #expect(curve.count > 250)
        try await arrives(
            CheckpointCommit(
                job: "digits-1", generation: 1, rank: 0, checkpoint: .example(step: 1), modelBytes: 1,
                optimizerBytes: 1,
                curve: curve))
    }

    @Test func assignmentsWithLargeVocabularies() async throws {
        try widePlan.checkSize()
        var job = JobSpecification.example(slices: 64)
        job.data.features = (0..<40_000).map { "feature number \($0)" }
        let assignment = Assignment(
            job: "digits-1", generation: 1, rank: 0,
            members: (0..<64).map { .init(name: "worker-\($0)", endpoint: "tcp://w:\($0)", slices: $0..<$0 + 1) },
            specification: job, plan: widePlan, resume: .example(step: 1), curve: curve)
        try await arrives(assignment)
    }

    @Test func resultsWithGoldenRowsPicturesAndConfusion() async throws {
        var result = JobResult.example(evaluation: .example)
        result.curve = curve
        result.golden = Golden(
            input: (0..<DataPlan.largestRow).map { Float($0) * -1.2345678e-30 }, rows: 1,
            output: (0..<20_000).map { Float($0) * 1.2345678e-20 })
        let classes = JobEvaluation.classLimit
        result.evaluation?.classes = (0..<classes).map { _ in String(repeating: "ü", count: 200) }
        result.evaluation?.confusion = Array(
            repeating: Array(repeating: 1_234_567_890, count: classes), count: classes)
        let side = 64
        result.evaluation?.worst = (0..<JobEvaluation.sampleLimit).map { place in
            let content: WorstSample.Content =
                place.isMultiple(of: 2)
                ? .picture(channels: 3, height: side, width: side, pixels: Data(count: 3 * side * side))
                : .values(
                    names: Array(repeating: String(repeating: "ü", count: 200), count: 64),
                    values: Array(repeating: String(repeating: "ü", count: 200), count: 64))
            return WorstSample(content: content, label: "a", prediction: "b", probability: 0.5, loss: 3)
        }
        try await arrives(GenerationFinished(job: "digits-1", generation: 1, result: result))
        let status = JobStatus(
            id: "digits-1", name: "digits", state: .finished, detail: String(repeating: "x", count: 16 << 10),
            submitted: .distantPast, curve: curve,
            warnings: Array(repeating: String(repeating: "ü", count: 1000), count: 50),
            specification: .example())
        try await arrives(
            .reportJob,
            JobReport(
                status: status, source: String(repeating: "#", count: JobSpecification.largestBytes),
                evaluation: result.evaluation))
        try await arrives(.showJob, status)
    }

    @Test func traces() async throws {
        let spans = Array(
            repeating: Timeline.Span(name: 0, start: 1 << 48, duration: 1 << 48), count: JobTrace.spanLimit)
        let trace = JobTrace(recordings: [
            .init(worker: "worker-0", origin: .distantPast, names: ["forward"], spans: spans, dropped: 1 << 40)
        ])
        try await arrives(TraceReport(job: "digits-1", generation: 1, trace: trace))
        try await arrives(.traceJob, trace)
    }

    @Test func launches() async throws {
        let command = RankCommand(
            executable: "/bin/true", arguments: [String(repeating: "x", count: 65_000)], directory: "/tmp")
        try await arrives(LaunchAssignment(launch: "x-1", generation: 1, rank: 0, worldSize: 1, command: command))
        let lines = Array(repeating: String(repeating: "\u{FFFD}", count: LaunchRunner.lineLimit), count: 500)
        try await arrives(
            RankOutput(launch: "x-1", generation: 1, rank: 0, first: 1 << 40, lines: Array(lines.prefix(200))))
        try await arrives(
            RankEnded(
                launch: "x-1", generation: 1, rank: 0, status: .exited(1), tail: Array(lines.prefix(20)),
                printed: 1 << 40))
        let ranks = Array(repeating: LaunchRoster.Rank(node: "worker-0", address: .example), count: 4096)
        try await arrives(LaunchRoster(launch: "x-1", generation: 1, ranks: ranks))
        let status = LaunchStatus(
            id: "x-1", state: .running, detail: "", command: command, workersAsked: 1, workers: [],
            submitted: .distantPast, started: nil, ended: nil)
        try await arrives(
            .followLaunch,
            LaunchReport(status: status, lines: lines.map { .init(rank: 0, text: $0) }, missed: 1, next: 2))
    }

    @Test func tablesOfManyModels() async throws {
        var route = RoutingTable.example.models[0]
        route.interface.inputs[0].columns = (0..<1000).map { "a column, number \($0)" }
        route.nodes = Array(repeating: .init(name: "inference-0", endpoint: "tcp://127.0.0.1:65535"), count: 16)
        try await arrives(RoutingTable(epoch: .max, models: Array(repeating: route, count: 500)))
    }

    /// A node that holds very many versions still lives: its heartbeat tells of them all.
    @Test func heartbeatsOfNodesWithManyVersions() async throws {
        let cluster = try TestCluster()
        let node = try TestNode("inference-0", .inference, in: cluster)
        node.change { state in
            state.report.activity = String(repeating: "digits:1 ready, ", count: 4096)
            state.report.inference?.replicas = (1...1000).map {
                ReplicaReport(model: "digits", version: $0, manifest: .fake("\($0)"), state: .ready)
            }
        }
        try await cluster.withCoordinator { client in
            try await withNodes([node]) {
                try await eventually("the node's report is here") {
                    let seen = try await client.status().nodes.first { $0.name == "inference-0" }
                    return seen?.activity.utf8.count ?? 0 > 900
                }
                let seen = try await client.status().nodes.first { $0.name == "inference-0" }
                #expect(seen?.state == .alive)
                #expect(seen?.activity.utf8.count ?? 0 <= 1024)
            }
        }
    }

    @Test func whatCannotBeSentIsRefusedBeforeAnythingIsScheduled() throws {
        var plan = DataPlan.example()
        plan.preprocessing.target.kind = .classes((0..<1_000_000).map { "a class of a rather long name, number \($0)" })
        let error = #expect(throws: PlanSizeError.self) { try plan.checkSize() }
        #expect(error?.description.contains("what the workers must know of the data has") == true)
    }
}
