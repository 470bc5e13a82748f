import Wire

extension ControlPlane {
    package func status(with finished: [JobStatus]) -> ClusterStatus {
        ClusterStatus(
            clusterID: clusterID, version: codeVersion,
            nodes: membership.members.values.sorted {
                ($0.join.role.rawValue, $0.name) < ($1.join.role.rawValue, $1.name)
            }
            .map(\.status),
            jobs: finished + scheduler.jobs.map(\.status), launches: scheduler.launches.map(\.status),
            models: deployment.registry.aliases.values
                .sorted { ($0.name, $0.alias) < ($1.name, $1.alias) }
                .map { served($0) })
    }

    package var models: [ModelStatus] {
        deployment.registry.versions.keys.sorted().compactMap { model($0) }
    }

    /// Nil when there is no such model.
    package func model(_ name: String) -> ModelStatus? {
        guard let versions = deployment.registry.versions[name] else { return nil }
        let aliases = deployment.registry.aliases.values.filter { $0.name == name }
        return ModelStatus(
            name: name,
            aliases: Dictionary(uniqueKeysWithValues: aliases.map { ($0.alias, $0.version) }),
            versions: versions.map { version in
                ModelStatus.Version(
                    version: version.version, manifest: version.manifest, details: version.details,
                    gate: version.gate,
                    replicas: deployment.readyNodes(of: ReplicaKey(name, version.version)).map(\.name))
            })
    }

    private func served(_ alias: StoredAlias) -> ClusterStatus.ServedModel {
        let reports = membership.living(.gateway).compactMap { $0.report?.gateway?.traffic[alias.name] }
        return ClusterStatus.ServedModel(
            name: alias.name, alias: alias.alias, version: alias.version,
            replicasReady: deployment.readyNodes(of: ReplicaKey(alias.name, alias.version)).count,
            traffic: GatewayReport.Traffic(overGateways: reports))
    }
}

extension GatewayReport.Traffic {
    /// Rates add up. Quantiles do not; the worst gateway's is shown, which is never too good.
    init(overGateways reports: [GatewayReport.Traffic]) {
        self.init(
            requestsPerSecond: reports.map(\.requestsPerSecond).reduce(0, +),
            p50Milliseconds: reports.map(\.p50Milliseconds).max() ?? 0,
            p99Milliseconds: reports.map(\.p99Milliseconds).max() ?? 0,
            errorsPerSecond: reports.map(\.errorsPerSecond).reduce(0, +))
    }
}
