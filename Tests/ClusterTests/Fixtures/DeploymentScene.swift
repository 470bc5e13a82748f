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

    @discardableResult
    mutating func run(
        at moment: Moment? = nil, _ event: (inout Deployment, Moment, inout Effects) -> Void
    ) -> Effects {
        var effects: Effects = []
        event(&deployment, moment ?? now, &effects)
        return effects
    }

    mutating func wait(_ duration: Duration) -> Effects {
        now = now.advanced(by: duration)
        return run { $0.advance(to: $1, into: &$2) }
    }

    @discardableResult
    mutating func addNode(_ name: String, incarnation: UInt64 = 1, holding: [StoredVersion] = []) -> Effects {
        run { $0.nodeJoined(name, incarnation: incarnation, endpoint: "tcp://\(name):1", at: $1, into: &$2) }
            + report(name, incarnation: incarnation, holding.map { ($0, .ready) })
    }

    @discardableResult
    mutating func report(
        _ name: String, incarnation: UInt64 = 1, _ replicas: [(StoredVersion, ReplicaReport.State)],
        revision: UInt64? = nil
    ) -> Effects {
        let report = InferenceReport(
            replicas: replicas.map { replica($0.0, $0.1, revision: revision) }, revision: revision)
        return run { $0.nodeReported(name, incarnation: incarnation, report, at: $1, into: &$2) }
    }

    @discardableResult
    mutating func tell(
        _ name: String, _ version: StoredVersion, _ state: ReplicaReport.State, reason: String = "",
        revision: UInt64? = nil
    ) -> Effects {
        let replica = replica(version, state, reason: reason, revision: revision)
        return run { $0.replicaReported(name, replica, at: $1, into: &$2) }
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
    ) -> (request: RequestID, actions: Effects) {
        let request = request()
        let call = PromoteVersion(name: model, version: version, alias: alias, force: force, reason: reason)
        return (request, run { $0.promote(call, by: "ada", request: request, at: $1, into: &$2) })
    }

    mutating func rollback(
        _ model: String = "digits", alias: String = "production"
    ) -> (request: RequestID, actions: Effects) {
        let request = request()
        let call = RollBackAlias(name: model, alias: alias)
        return (request, run { $0.rollback(call, by: "ada", request: request, at: $1, into: &$2) })
    }

    /// A gateway says that it routes by the newest table.
    mutating func gatewayTakesTheTable(_ name: String) -> Effects {
        run { $0.gatewayReported(name, $0.routing.position, at: $1, into: &$2) }
    }

    mutating func deleteModel(
        _ name: String = "digits", version: Int? = nil, bases: [String: ContentDigest] = [:]
    ) -> (request: RequestID, actions: Effects) {
        let request = request()
        let call = DeleteModel(name: name, version: version)
        return (request, run { $0.delete(call, bases: bases, by: "ada", request: request, at: $1, into: &$2) })
    }

    mutating func deleteAlias(
        _ alias: String, of model: String = "digits"
    ) -> (request: RequestID, actions: Effects) {
        let request = request()
        let call = DeleteAlias(name: model, alias: alias)
        return (request, run { $0.delete(call, by: "ada", request: request, at: $1, into: &$2) })
    }

    /// Promotes and lets every node load without trouble.
    @discardableResult
    mutating func serve(_ version: StoredVersion) -> Effects {
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

extension Sequence<Action> {
    func deletion(of request: RequestID) -> Deletion? {
        if case .deletion(let deletion)? = answer(to: request) { return deletion }
        return nil
    }

    func promotion(of request: RequestID) -> PromotionOutcome? {
        if case .promotion(let promotion)? = answer(to: request) { return promotion }
        return nil
    }
}
