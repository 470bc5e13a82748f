import ClusterProtocol
import Datasets

@testable import ControlPlane
@testable import JobProtocol

/// What a store holds after changes, as the next coordinator finds it.
struct StoredChanges: Sendable {
    /// By id, those that are over included.
    private(set) var jobs: [String: StoredJob] = [:]
    private var plans: [String: DataPlan] = [:]
    private var versions: [ReplicaKey: StoredVersion] = [:]
    private var lastVersions: [String: Int] = [:]
    private var aliases: [AliasKey: StoredAlias] = [:]
    private var routing: RoutingTable?
    private var lastNumber = 0
    private var lastGeneration: UInt64 = 0

    mutating func apply(_ change: StateChange) {
        switch change {
        case .job(let job): jobs[job.id] = job
        case .plan(let plan, let job): plans[job] = plan
        case .dropPlan(let job): plans[job] = nil
        case .version(let version): versions[ReplicaKey(version.name, version.version)] = version
        case .alias(let alias): aliases[AliasKey(alias.name, alias.alias)] = alias
        case .dropVersion(let key):
            versions[key] = nil
            lastVersions[key.model] = max(lastVersions[key.model, default: 0], key.version)
        case .dropAlias(let key): aliases[key] = nil
        case .routing(let table): routing = table
        case .number(let number): lastNumber = max(lastNumber, number)
        case .generation(let number): lastGeneration = max(lastGeneration, number)
        case .evaluation, .trace, .promotion: break
        }
    }

    var state: StoredState {
        StoredState(
            jobs: jobs.values.filter { !$0.state.isFinal }.sorted { $0.number < $1.number }, plans: plans,
            lastJobNumber: max(lastNumber, jobs.values.map(\.number).max() ?? 0),
            lastGeneration: max(lastGeneration, jobs.values.map(\.generation).max() ?? 0),
            versions: versions.values.sorted { ($0.name, $0.version) < ($1.name, $1.version) },
            lastVersions: lastVersions,
            aliases: aliases.values.sorted { ($0.name, $0.alias) < ($1.name, $1.alias) }, routing: routing)
    }
}
