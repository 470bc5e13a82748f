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

    init<Value: CheckedDocument>(_ kind: String, from sender: Role, to receiver: Role, _ value: Value) {
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
    static let all: [DocumentSample] = orders + reports + calls

    static let orders: [DocumentSample] = [
        DocumentSample(DocumentKind.assign, from: .coordinator, to: .worker, Assignment.example),
        DocumentSample(
            DocumentKind.stop, from: .coordinator, to: .worker,
            StopGeneration(job: "digits-1", generation: 1, reason: "over")),
        DocumentSample(
            DocumentKind.launch, from: .coordinator, to: .worker,
            LaunchAssignment(launch: "x-2", generation: 2, rank: 0, worldSize: 1, command: .example)),
        DocumentSample(
            DocumentKind.roster, from: .coordinator, to: .worker,
            LaunchRoster(launch: "x-2", generation: 2, ranks: [.init(node: "worker-0", address: .example)])),
        DocumentSample(
            DocumentKind.load, from: .coordinator, to: .inference,
            LoadReplica(model: "digits", version: 1, manifest: .fake("m"))),
        DocumentSample(
            DocumentKind.unload, from: .coordinator, to: .inference, UnloadReplica(model: "digits", version: 1)),
        DocumentSample(DocumentKind.routing, from: .coordinator, to: .gateway, RoutingTable.example),
    ]

    static let reports: [DocumentSample] = [
        DocumentSample(DocumentKind.report, from: .worker, to: .coordinator, NodeReport.example),
        DocumentSample(
            DocumentKind.progress, from: .worker, to: .coordinator,
            ProgressReport(
                job: "digits-1", generation: 1, epoch: 1, epochs: 3, step: 2, steps: 10, loss: 0.5,
                samplesPerSecond: 100, secondsLeft: 3)),
        DocumentSample(
            DocumentKind.checkpoint, from: .worker, to: .coordinator,
            CheckpointCommit(
                job: "digits-1", generation: 1, rank: 0, checkpoint: .example(step: 1), modelBytes: 10,
                optimizerBytes: 20, curve: [.example(1)])),
        DocumentSample(
            DocumentKind.trace, from: .worker, to: .coordinator,
            TraceReport(job: "digits-1", generation: 1, trace: .example)),
        DocumentSample(
            DocumentKind.finished, from: .worker, to: .coordinator,
            GenerationFinished(job: "digits-1", generation: 1, result: .example(evaluation: .example))),
        DocumentSample(
            DocumentKind.generationFailed, from: .worker, to: .coordinator,
            GenerationFailed(job: "digits-1", generation: 1, rank: 0, reason: "no", permanent: false)),
        DocumentSample(
            DocumentKind.rankReady, from: .worker, to: .coordinator,
            RankReady(launch: "x-2", generation: 2, rank: 0, address: .example)),
        DocumentSample(
            DocumentKind.rankOutput, from: .worker, to: .coordinator,
            RankOutput(launch: "x-2", generation: 2, rank: 0, first: 0, lines: ["hello"])),
        DocumentSample(
            DocumentKind.rankEnded, from: .worker, to: .coordinator,
            RankEnded(launch: "x-2", generation: 2, rank: 0, status: .exited(1), tail: ["bye"], printed: 1)),
        DocumentSample(
            DocumentKind.routed, from: .gateway, to: .coordinator,
            RoutingPosition(source: StateIdentity(cluster: "c", start: "s"), epoch: 3)),
        DocumentSample(
            DocumentKind.replica, from: .inference, to: .coordinator,
            ReplicaReport(model: "digits", version: 1, manifest: .fake("m"), state: .warming)),
    ]

    static let calls: [DocumentSample] = OperatorCall.Kind.allCases.map { kind in
        func call(_ value: some CheckedDocument) -> DocumentSample {
            DocumentSample(kind.rawValue, from: .operator, to: .coordinator, value)
        }
        return switch kind {
        case .submit:
            call(OperatorCall.Submit(specification: .example(), source: "name: digits", warnings: ["careful"]))
        case .job: call(OperatorCall.Job(id: "digits-1", curveAfter: 3))
        case .report, .trace, .cancel, .cancelLaunch, .deleteJob: call(OperatorCall.Job(id: "digits-1"))
        case .jobs: call(OperatorCall.Jobs(before: 9))
        case .models: call(OperatorCall.Models(model: "digits", after: .init(model: "digits", version: 2)))
        case .promote:
            call(OperatorCall.Promote(name: "digits", version: 1, alias: "production", force: true, reason: "why"))
        case .rollback: call(OperatorCall.Rollback(name: "digits", alias: "production"))
        case .deleteModel: call(OperatorCall.DeleteModel(name: "digits", version: 1))
        case .deleteAlias: call(OperatorCall.DeleteAlias(name: "digits", alias: "production"))
        case .status, .collect, .backup: call(OperatorCall.Nothing())
        case .launch: call(OperatorCall.Launch(name: "x", workers: 1, command: .example))
        case .launchOutput: call(OperatorCall.LaunchOutput(id: "x-2", after: 0))
        }
    }
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
