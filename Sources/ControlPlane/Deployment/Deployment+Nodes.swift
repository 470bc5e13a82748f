package import ClusterProtocol
import Wire

extension Deployment {
    package mutating func nodeJoined(
        _ name: String, incarnation: UInt64, endpoint: String, at now: Moment, into effects: inout Effects
    ) {
        var node = DeploymentNode(name: name, incarnation: incarnation, endpoint: endpoint, standing: .joined)
        if let presumed = nodes[name], presumed.endpoint == endpoint { node.replicas = presumed.replicas }
        nodes[name] = node
        settle(at: now, into: &effects)
    }

    package mutating func nodeDied(_ name: String, incarnation: UInt64, at now: Moment, into effects: inout Effects) {
        guard nodes[name]?.incarnation == incarnation else { return }
        nodes[name] = nil
        settle(at: now, into: &effects)
    }

    /// The whole of what a node holds, with every heartbeat.
    package mutating func nodeReported(
        _ name: String, incarnation: UInt64, _ report: InferenceReport, at now: Moment, into effects: inout Effects
    ) {
        guard var node = nodes[name], node.incarnation == incarnation else { return }
        node.standing = .known
        node.take(report)
        nodes[name] = node
        settle(at: now, into: &effects)
    }

    /// One version on one node changed its state.
    package mutating func replicaReported(
        _ name: String, _ replica: ReplicaReport, at now: Moment, into effects: inout Effects
    ) {
        guard nodes[name]?.standing == .known, nodes[name]?.take(replica) == true else { return }
        if replica.state == .failed {
            effects.log(
                .warning, "replica failed",
                ["node": name, "model": "\(replica.model):\(replica.version)", "reason": replica.reason])
        }
        settle(at: now, into: &effects)
    }

    /// A node refused a `load`, which counts as a failed load.
    package mutating func loadRefused(
        _ name: String, incarnation: UInt64, _ load: LoadReplica, reason: String, at now: Moment,
        into effects: inout Effects
    ) {
        guard nodes[name]?.incarnation == incarnation else { return }
        // That it was refused before in the same words makes it no old failure.
        nodes[name]?.asked[ReplicaKey(load.model, load.version)]?.before = nil
        return replicaReported(
            name,
            ReplicaReport(
                model: load.model, version: load.version, manifest: load.manifest, state: .failed, reason: reason),
            at: now, into: &effects)
    }

    /// A node no longer holds a version.
    package mutating func unloaded(
        _ name: String, incarnation: UInt64, _ unload: UnloadReplica, at now: Moment, into effects: inout Effects
    ) {
        guard nodes[name]?.incarnation == incarnation else { return }
        nodes[name]?.replicas[ReplicaKey(unload.model, unload.version)] = nil
        settle(at: now, into: &effects)
    }

    package mutating func advance(to now: Moment, into effects: inout Effects) {
        for node in nodes.values.sorted(by: { $0.name < $1.name }) {
            if case .presumed(let deadline) = node.standing, now.instant >= deadline {
                nodes[node.name] = nil
                effects.log(
                    .warning, "inference node did not come back after the coordinator's restart", ["node": node.name])
            }
        }
        settle(at: now, into: &effects)
    }

    /// Orders what nodes lack and takes away what they should not hold.
    mutating func orderReplicas(at now: Moment, into effects: inout Effects) {
        let candidates = Set(promotions.values.map(\.candidate))
        let wanted = registry.wanted.union(candidates)
        // What an operator waits for goes first.
        let turns =
            candidates.sorted { $0.description < $1.description }
            + wanted.subtracting(candidates).sorted { $0.description < $1.description }
        for node in nodes.values.sorted(by: { $0.name < $1.name }) where node.standing == .known {
            var waiting = node.waitingLoads
            for key in turns {
                guard let version = registry.version(key), needsLoad(node, version, at: now) else { continue }
                if !node.isLoadWaiting(key) {
                    guard waiting < policy.waitingLoads else { continue }
                    waiting += 1
                }
                nodes[node.name]?.asked[key] = DeploymentNode.Asked(
                    isLoad: true, at: now.instant, before: node.replicas[key])
                let load = LoadReplica(model: key.model, version: key.version, manifest: version.manifest)
                effects.act(.order(.load(load), node: node.name, incarnation: node.incarnation))
            }
            let unwanted = node.replicas.keys.filter { !wanted.contains($0) }
            for key in unwanted.sorted(by: { $0.description < $1.description }) {
                if let asked = node.asked[key], !asked.isLoad, now.instant < asked.at + policy.repeatAfter { continue }
                nodes[node.name]?.asked[key] = DeploymentNode.Asked(isLoad: false, at: now.instant)
                let unload = UnloadReplica(model: key.model, version: key.version)
                effects.act(.order(.unload(unload), node: node.name, incarnation: node.incarnation))
            }
            let asked = nodes[node.name]?.asked ?? [:]
            nodes[node.name]?.asked = asked.filter { key, _ in wanted.contains(key) || node.replicas[key] != nil }
        }
    }

    private func needsLoad(_ node: DeploymentNode, _ version: StoredVersion, at now: Moment) -> Bool {
        let key = ReplicaKey(version.name, version.version)
        let asked = node.asked[key].flatMap { $0.isLoad ? $0.at : nil }
        guard let replica = node.replicas[key], replica.manifest == version.manifest else {
            return asked.map { now.instant >= $0 + policy.repeatAfter } ?? true
        }
        guard replica.state == .failed else { return false }
        let pause = node.isLoadWaiting(key) ? policy.repeatAfter : policy.retryFailedAfter
        return asked.map { now.instant >= $0 + pause } ?? true
    }
}
