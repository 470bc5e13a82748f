import Nodes
import Checkpoints
import Digests
import Foundation
import Messaging
import Synchronization
import Testing
import Training
import Wire

@testable import ClusterProtocol
@testable import JobProtocol

/// A node with a real control link, which takes orders down and does nothing by itself.
final class TestNode: Sendable {
    struct State {
        var report = NodeReport(activity: "idle")
        var assignments: [Assignment] = []
        var stops: [StopGeneration] = []
        var loads: [LoadReplica] = []
        var unloads: [UnloadReplica] = []
        var tables: [RoutingTable] = []
    }

    private final class Shared: Sendable {
        let state = Mutex(State())
    }

    private static let made = Atomic<UInt64>(0)

    let name: String
    let control: ControlLink
    let messenger: InMemoryMessenger
    private let shared: Shared

    /// - Parameter incarnation: nil for one higher than that of the node made before.
    init(
        _ name: String, _ role: Role, in cluster: TestCluster, joiningAs claimed: Role? = nil,
        incarnation: UInt64? = nil
    ) throws {
        self.name = name
        let shared = Shared()
        self.shared = shared
        messenger = InMemoryMessenger(network: cluster.network, identity: name, role: role)
        control = try ControlLink(
            messenger: messenger, coordinatorEndpoint: TestCluster.endpoint,
            description: NodeDescription(name: name, role: claimed ?? role, endpoint: "test://\(name)"),
            incarnation: incarnation ?? Self.made.add(1, ordering: .relaxed).newValue,
            logger: .silent, report: { shared.state.withLock { $0.report } },
            handler: { document in try shared.state.withLock { try $0.take(document) } })
        change {
            switch role {
            case .worker: $0.report.worker = WorkerReport()
            case .inference:
                $0.report.inference = InferenceReport(replicas: [])
            case .gateway: $0.report.gateway = GatewayReport(routingEpoch: 0, traffic: [:])
            case .coordinator, .operator: break
            }
        }
    }

    var state: State { shared.state.withLock { $0 } }

    func change(_ body: (inout State) -> Void) {
        shared.state.withLock { body(&$0) }
    }

    func assignment(generation: UInt64) async throws -> Assignment {
        try await eventually("\(name) is assigned to generation \(generation)") {
            self.state.assignments.contains { $0.generation == generation }
        }
        return state.assignments.first { $0.generation == generation }!
    }

    /// Tells the coordinator, by the next heartbeat and at once, how far a version is.
    func report(_ load: LoadReplica, _ state: ReplicaReport.State, reason: String = "") {
        let report = ReplicaReport(
            model: load.model, version: load.version, manifest: load.manifest, state: state, reason: reason)
        change { node in
            node.report.inference?.replicas.removeAll { $0.model == load.model && $0.version == load.version }
            node.report.inference?.replicas.append(report)
        }
        control.tell(report)
    }
}

extension TestNode.State {
    mutating func take(_ document: Document) throws {
        switch MessageKind(rawValue: document.kind) {
        case .assign:
            let assignment: Assignment = try document.decode()
            assignments.append(assignment)
            report.worker = WorkerReport(job: assignment.job, generation: assignment.generation)
        case .stop:
            let stop: StopGeneration = try document.decode()
            stops.append(stop)
            if report.worker?.generation == stop.generation { report.worker = WorkerReport() }
        case .load: loads.append(try document.decode())
        case .unload:
            let unload: UnloadReplica = try document.decode()
            unloads.append(unload)
            report.inference?.replicas.removeAll { $0.model == unload.model && $0.version == unload.version }
        case .routing:
            let table: RoutingTable = try document.decode()
            // As a gateway does: of two that are sent one after the other the older may come last.
            if let last = tables.last, !table.position.supersedes(last.position) { return }
            tables.append(table)
            report.gateway?.routingEpoch = table.epoch
            report.gateway?.routingSource = table.source
        default: throw Failure(.invalidArgument, "unknown order '\(document.kind)'")
        }
    }
}

/// Runs nodes while the body does.
func withNodes<Result: Sendable>(
    _ nodes: [TestNode], _ body: @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        for node in nodes { tasks.addTask { try await node.control.run() } }
        defer {
            tasks.cancelAll()
            for node in nodes { expectNoSpoiltMessages(node.messenger) }
        }
        return try await body()
    }
}

/// The files of a checkpoint, whatever is in them.
struct TestCheckpoint: Sendable {
    var model: [UInt8]
    var optimizer: [UInt8]
    var step: Int

    init(step: Int, modelBytes: Int = 3 << 20, seed: UInt8 = 1) {
        self.step = step
        model = (0..<modelBytes).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &+ step) &+ seed }
        optimizer = Array(model.reversed())
    }

    var reference: CheckpointReference {
        let digest = ContentDigest(of: model)
        return CheckpointReference(
            model: digest, optimizer: ContentDigest(of: optimizer), best: digest,
            progress: TrainingProgress(epoch: step, step: step, bestLoss: 1 / Double(step), bestEpoch: step))
    }

    /// Uploads the share of one rank.
    func upload(rank: Int, of world: Int, by node: TestNode) async throws {
        for bytes in [model, optimizer] {
            let range = bytes.count * rank / world..<bytes.count * (rank + 1) / world
            try await node.control.upload(ContentDigest(of: bytes), total: bytes.count, range: range, of: bytes)
        }
    }

    /// - Parameter timeout: after which it is asked again.
    func commit(
        rank: Int, of assignment: Assignment, by node: TestNode, timeout: Duration = .seconds(5)
    ) async throws {
        try await node.control.call(
            CheckpointCommit(
                job: assignment.job, generation: assignment.generation, rank: rank, checkpoint: reference,
                modelBytes: model.count, optimizerBytes: optimizer.count,
                curve: [EpochRecord(epoch: step, step: step, trainingLoss: 1 / Double(step))]),
            attempt: timeout)
    }

    /// All ranks upload their shares and commit.
    func commit(_ assignment: Assignment, by nodes: [TestNode]) async throws {
        for (rank, node) in nodes.enumerated() { try await upload(rank: rank, of: nodes.count, by: node) }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for (rank, node) in nodes.enumerated() {
                tasks.addTask { try await commit(rank: rank, of: assignment, by: node) }
            }
            try await tasks.waitForAll()
        }
    }

    func finished(_ assignment: Assignment, accuracy: Double = 0.95) -> GenerationFinished {
        GenerationFinished(
            job: assignment.job, generation: assignment.generation,
            result: JobResult(
                model: reference.model, modelBytes: model.count, epoch: step, step: step, stopped: "epochs",
                metrics: ["accuracy": accuracy], curve: [EpochRecord(epoch: step, step: step, trainingLoss: 0.1)],
                golden: Golden(input: [1, 2], rows: 1, output: [0, 0, 1])))
    }
}
