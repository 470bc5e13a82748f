package import JobProtocol
package import ClusterProtocol
import Wire

extension ControlPlane {
    /// What there is room for in a message. Throws what the JSON encoder says.
    ///
    /// - Parameters:
    ///   - jobs: those that matter most first; they come out the other way round.
    ///   - total: jobs that there are.
    package func status(jobs: [JobSummary], of total: Int) throws -> ClusterStatus {
        let launches = scheduler.launches.reversed().map(\.status)
        let aliases = deployment.registry.aliases.values.sorted { ($0.name, $0.alias) < ($1.name, $1.alias) }
        let shown = (
            jobs: try Page.fitting(jobs), launches: try Page.fitting(launches),
            models: try Page.fitting(aliases.map { served($0) })
        )
        var status = ClusterStatus(
            clusterID: clusterID, version: codeVersion,
            nodes: membership.members.values.sorted {
                ($0.join.role.rawValue, $0.name) < ($1.join.role.rawValue, $1.name)
            }
            .map(\.status),
            jobs: shown.jobs.reversed(), launches: shown.launches.reversed(), models: Array(shown.models))
        let omitted = ClusterStatus.Omitted(
            jobs: max(0, total - shown.jobs.count), launches: launches.count - shown.launches.count,
            models: aliases.count - shown.models.count)
        if omitted != ClusterStatus.Omitted() { status.omitted = omitted }
        return status
    }

    /// Versions in the order of model names, the newest of each model first, from behind a place on.
    package func versions(
        of model: String?, after place: ListModels.Place?, limit: Int
    ) -> [ModelsPage.Entry] {
        var entries: [ModelsPage.Entry] = []
        for name in model.map({ [$0] }) ?? deployment.registry.versions.keys.sorted() {
            if let place, name < place.model { continue }
            guard let status = self.model(name) else { continue }
            for version in status.versions.reversed() {
                if let place, name == place.model, version.version >= place.version { continue }
                entries.append(.init(model: name, aliases: status.aliases, version: version))
                if entries.count == limit { return entries }
            }
        }
        return entries
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
                    version: version.version, manifest: version.manifest, details: version.details.summary,
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
