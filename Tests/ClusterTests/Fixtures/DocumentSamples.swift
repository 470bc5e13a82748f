import Checkpoints
import Datasets
import Digests
import Foundation
import Messaging
import Training
import Wire

@testable import ClusterProtocol
@testable import JobProtocol
@testable import ControlPlane

/// A document of one kind, as it is sent and as it is read.
struct DocumentSample: Sendable {
    var kind: String
    /// Who sends it to whom.
    var sender: Role
    var receiver: Role
    var document: Document
    var decode: @Sendable (Document) throws -> Void

    init<M: ClusterMessage>(_ message: M) {
        self.init(kind: M.kind.rawValue, from: M.path.sender, to: M.path.receiver, message)
    }

    init<Value: CheckedDocument>(kind: String, from sender: Role, to receiver: Role, _ value: Value) {
        self.kind = kind
        self.sender = sender
        self.receiver = receiver
        document = try! Document(kind: kind, value)
        decode = { document in
            let _: Value = try document.decode()
        }
    }
}

/// One document of every kind.
enum DocumentSamples {
    static let all: [DocumentSample] = orders + reports + greetings + calls

    static let orders: [DocumentSample] = [
        DocumentSample(Assignment.example),
        DocumentSample(StopGeneration(job: "digits-1", generation: 1, reason: "over")),
        DocumentSample(LaunchAssignment(launch: "x-2", generation: 2, rank: 0, worldSize: 1, command: .example)),
        DocumentSample(LaunchRoster(launch: "x-2", generation: 2, ranks: [.init(node: "worker-0", address: .example)])),
        DocumentSample(LoadReplica(model: "digits", version: 1, manifest: .fake("m"))),
        DocumentSample(UnloadReplica(model: "digits", version: 1)),
        DocumentSample(RoutingTable.example),
    ]

    static let reports: [DocumentSample] = [
        DocumentSample(kind: NodeReport.kind, from: .worker, to: .coordinator, NodeReport.example),
        DocumentSample(
            ProgressReport(
                job: "digits-1", generation: 1, epoch: 1, epochs: 3, step: 2, steps: 10, loss: 0.5,
                samplesPerSecond: 100, secondsLeft: 3)),
        DocumentSample(
            CheckpointCommit(
                job: "digits-1", generation: 1, rank: 0, checkpoint: .example(step: 1), modelBytes: 10,
                optimizerBytes: 20, curve: [.example(1)])),
        DocumentSample(TraceReport(job: "digits-1", generation: 1, trace: .example)),
        DocumentSample(GenerationFinished(job: "digits-1", generation: 1, result: .example(evaluation: .example))),
        DocumentSample(GenerationFailed(job: "digits-1", generation: 1, rank: 0, reason: "no", permanent: false)),
        DocumentSample(RankReady(launch: "x-2", generation: 2, rank: 0, address: .example)),
        DocumentSample(RankOutput(launch: "x-2", generation: 2, rank: 0, first: 0, lines: ["hello"])),
        DocumentSample(
            RankEnded(launch: "x-2", generation: 2, rank: 0, status: .exited(1), tail: ["bye"], printed: 1)),
        DocumentSample(RoutingPosition(source: StateIdentity(cluster: "c", start: "s"), epoch: 3)),
        DocumentSample(ReplicaReport(model: "digits", version: 1, manifest: .fake("m"), state: .warming)),
    ]

    static let greetings: [DocumentSample] = [
        DocumentSample(GroupHello(group: 1, rank: 1, codeVersion: codeVersion))
    ]

    static let calls: [DocumentSample] = [
        DocumentSample(SubmitJob(specification: .example(), source: "name: digits", warnings: ["careful"])),
        DocumentSample(ShowJob(id: "digits-1", curveAfter: 3)),
        DocumentSample(ReportJob(id: "digits-1")),
        DocumentSample(TraceJob(id: "digits-1")),
        DocumentSample(ListJobs(before: 9)),
        DocumentSample(CancelJob(id: "digits-1")),
        DocumentSample(DeleteJob(id: "digits-1")),
        DocumentSample(ListModels(model: "digits", after: .init(model: "digits", version: 2))),
        DocumentSample(PromoteVersion(name: "digits", version: 1, alias: "production", force: true, reason: "why")),
        DocumentSample(RollBackAlias(name: "digits", alias: "production")),
        DocumentSample(DeleteModel(name: "digits", version: 1)),
        DocumentSample(DeleteAlias(name: "digits", alias: "production")),
        DocumentSample(StartLaunch(name: "x", workers: 1, command: .example)),
        DocumentSample(FollowLaunch(id: "x-2", after: 0)),
        DocumentSample(CancelLaunch(id: "digits-1")),
        DocumentSample(CollectGarbage()),
        DocumentSample(BackUp()),
        DocumentSample(ShowStatus()),
    ]
}

extension RankCommand {
    static var example: RankCommand {
        RankCommand(executable: "/bin/true", arguments: ["--epochs", "3"], directory: "/tmp")
    }
}

extension RankAddress {
    static var example: RankAddress {
        RankAddress(publicKey: KeyPair.generate().publicKey, endpoint: "tcp://127.0.0.1:7000")
    }
}

extension EpochRecord {
    static func example(_ epoch: Int) -> EpochRecord {
        EpochRecord(
            epoch: epoch, step: epoch, trainingLoss: 1 / 3, validationLoss: 2 / 3, seconds: 0.1, elapsed: 0.7,
            learningRate: 0.001, gradientNorm: 1 / 7, metrics: ["accuracy": 1 / 9], skipped: 0,
            times: StepTimes(data: 0.1, forward: 0.2, backward: 0.3, communication: 0.4, update: 0.5))
    }
}

extension Assignment {
    static var example: Assignment {
        Assignment(
            job: "digits-1", generation: 1, rank: 0,
            members: [
                Member(name: "worker-0", endpoint: "test://worker-0", slices: 0..<2),
                Member(name: "worker-1", endpoint: "test://worker-1", slices: 2..<4),
            ], specification: .example(), plan: .example(), resume: .example(step: 1), curve: [.example(1)])
    }
}

extension NodeReport {
    static var example: NodeReport {
        NodeReport(
            activity: "idle", worker: WorkerReport(job: "digits-1", generation: 1),
            inference: InferenceReport(
                replicas: [ReplicaReport(model: "digits", version: 1, manifest: .fake("m"), state: .ready)],
                load: InferenceLoad(queuedRows: 3, answered: 5)),
            gateway: GatewayReport(
                routingEpoch: 1,
                traffic: [
                    "digits": .init(requestsPerSecond: 1, p50Milliseconds: 2, p99Milliseconds: 3, errorsPerSecond: 4)
                ]))
    }
}

extension RoutingTable {
    static var example: RoutingTable {
        RoutingTable(
            epoch: 3,
            models: [
                Route(
                    model: "digits", version: 1, aliases: ["production"], digest: .fake("m"),
                    interface: ModelInterface(
                        inputs: [.init(name: "input", datatype: "FP32", shape: [-1, 64], columns: ["a"])],
                        outputs: [.init(name: "label", datatype: "BYTES", shape: [-1])]),
                    nodes: [Node(name: "inference-0", endpoint: "tcp://127.0.0.1:7000")])
            ])
    }
}
