import Checkpoints
import Digests
import Foundation
import Testing
import Wire

@testable import ClusterProtocol
@testable import JobProtocol
@testable import ControlPlane

/// A deployment with a clock that tests move by hand.
struct DeploymentScene {
    var deployment: Deployment
    var now = Moment.start
    private var lastRequest: UInt64 = 0

    init(policy: DeploymentPolicy = DeploymentPolicy(), stored: StoredState = StoredState()) {
        deployment = Deployment(policy: policy, stored: stored, at: .start)
    }

    mutating func request() -> RequestID {
        lastRequest += 1
        return RequestID(lastRequest)
    }

    /// Registers the next version of a model.
    mutating func register(
        _ model: String = "digits", accuracy: Double = 0.95, parent: ContentDigest? = nil,
        columns: [String] = []
    ) -> StoredVersion {
        let number = (deployment.registry.versions[model]?.count ?? 0) + 1
        var manifest = Manifest.example(model, number: number, accuracy: accuracy)
        manifest.parent = parent
        if !columns.isEmpty {
            manifest.interface.inputs = [
                .init(name: "input", datatype: "BYTES", shape: [-1, columns.count], columns: columns)
            ]
        }
        let gate = ModelStatus.GateResult(
            passed: accuracy >= 0.9, figures: ["accuracy is \(accuracy), must be >= 0.9"])
        return deployment.registry.register(
            manifest, digest: .fake("manifest-\(model)-\(number)"), gate: gate, at: now)
    }

    mutating func wait(_ duration: Duration) -> [Action] {
        now = now.advanced(by: duration)
        return deployment.advance(to: now)
    }

    @discardableResult
    mutating func addNode(_ name: String, incarnation: UInt64 = 1, holding: [StoredVersion] = []) -> [Action] {
        deployment.nodeJoined(name, incarnation: incarnation, endpoint: "tcp://\(name):1", at: now)
            + report(name, incarnation: incarnation, holding.map { ($0, .ready) })
    }

    @discardableResult
    mutating func report(
        _ name: String, incarnation: UInt64 = 1, _ replicas: [(StoredVersion, ReplicaReport.State)],
        revision: UInt64? = nil
    ) -> [Action] {
        let report = InferenceReport(
            replicas: replicas.map { replica($0.0, $0.1, revision: revision) }, revision: revision)
        return deployment.nodeReported(name, incarnation: incarnation, report, at: now)
    }

    @discardableResult
    mutating func tell(
        _ name: String, _ version: StoredVersion, _ state: ReplicaReport.State, reason: String = "",
        revision: UInt64? = nil
    ) -> [Action] {
        deployment.replicaReported(name, replica(version, state, reason: reason, revision: revision), at: now)
    }

    private func replica(
        _ version: StoredVersion, _ state: ReplicaReport.State, reason: String = "", revision: UInt64? = nil
    ) -> ReplicaReport {
        ReplicaReport(
            model: version.name, version: version.version, manifest: version.manifest, state: state, reason: reason,
            revision: revision)
    }

    mutating func promote(
        _ version: Int, of model: String = "digits", to alias: String = "production", force: Bool = false,
        reason: String = ""
    ) -> (request: RequestID, actions: [Action]) {
        let request = request()
        let call = PromoteVersion(name: model, version: version, alias: alias, force: force, reason: reason)
        return (request, deployment.promote(call, by: "ada", request: request, at: now))
    }

    mutating func rollback(
        _ model: String = "digits", alias: String = "production"
    ) -> (request: RequestID, actions: [Action]) {
        let request = request()
        let call = RollBackAlias(name: model, alias: alias)
        return (request, deployment.rollback(call, by: "ada", request: request, at: now))
    }

    /// A gateway says that it routes by the newest table.
    mutating func gatewayTakesTheTable(_ name: String) -> [Action] {
        deployment.gatewayReported(name, deployment.routing.position, at: now)
    }

    mutating func deleteModel(
        _ name: String = "digits", version: Int? = nil, bases: [String: ContentDigest] = [:]
    ) -> (request: RequestID, actions: [Action]) {
        let request = request()
        let call = DeleteModel(name: name, version: version)
        return (request, deployment.delete(call, bases: bases, by: "ada", request: request, at: now))
    }

    mutating func deleteAlias(
        _ alias: String, of model: String = "digits"
    ) -> (request: RequestID, actions: [Action]) {
        let request = request()
        let call = DeleteAlias(name: model, alias: alias)
        return (request, deployment.delete(call, by: "ada", request: request, at: now))
    }

    /// Promotes and lets every node load without trouble.
    @discardableResult
    mutating func serve(_ version: StoredVersion) -> [Action] {
        var actions = promote(version.version, of: version.name).actions
        for name in deployment.nodes.keys.sorted() { actions += tell(name, version, .ready) }
        return actions
    }

    /// Names of the nodes that serve what `alias` stands for.
    func routed(_ model: String = "digits", alias: String = "production") -> (version: Int, nodes: [String])? {
        deployment.routing.models.first { $0.model == model && $0.aliases.contains(alias) }
            .map { ($0.version, $0.nodes.map(\.name)) }
    }
}

extension [Action] {
    func deletion(of request: RequestID) -> Deletion? {
        if case .deletion(let deletion)? = answer(to: request) { return deletion }
        return nil
    }

    func promotion(of request: RequestID) -> PromotionOutcome? {
        if case .promotion(let promotion)? = answer(to: request) { return promotion }
        return nil
    }
}
