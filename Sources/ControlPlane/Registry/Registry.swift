package import ClusterProtocol
package import Checkpoints
package import Digests

/// The versions of every model and what the aliases stand for. A value; whoever changes it sees to it that the change is stored.
package struct Registry: Codable, Sendable, Equatable {
    /// By model, in order of their numbers, in which those of deleted versions are left out.
    package private(set) var versions: [String: [StoredVersion]] = [:]
    /// By model, the highest number that was given.
    private var lastVersions: [String: Int] = [:]
    package private(set) var aliases: [AliasKey: StoredAlias] = [:]

    package init(stored: StoredState = StoredState()) {
        lastVersions = stored.lastVersions
        for version in stored.versions.sorted(by: { $0.version < $1.version }) { add(version) }
        for alias in stored.aliases { aliases[AliasKey(alias.name, alias.alias)] = alias }
    }

    package func version(_ key: ReplicaKey) -> StoredVersion? {
        versions[key.model]?.first { $0.version == key.version }
    }

    /// The highest number that a version of the model was given, whether it is still there or not; 0 where none was.
    package func lastVersion(of model: String) -> Int { lastVersions[model, default: 0] }

    /// Adds the next version of a model.
    package mutating func register(
        _ manifest: Manifest, digest: ContentDigest, gate: ModelStatus.GateResult, at now: Moment
    ) -> StoredVersion {
        let version = StoredVersion(
            name: manifest.name, version: lastVersion(of: manifest.name) + 1, manifest: digest,
            details: manifest.withoutGolden, gate: gate, registered: now.date)
        add(version)
        return version
    }

    private mutating func add(_ version: StoredVersion) {
        versions[version.name, default: []].append(version)
        lastVersions[version.name] = max(lastVersions[version.name, default: 0], version.version)
    }

    /// Forgets a version; its number is not given again.
    package mutating func remove(_ key: ReplicaKey) {
        versions[key.model]?.removeAll { $0.version == key.version }
        if versions[key.model]?.isEmpty == true { versions[key.model] = nil }
    }

    package mutating func remove(_ key: AliasKey) {
        aliases[key] = nil
    }

    /// Lets an alias stand for another version; the one it stood for becomes its previous one.
    package mutating func flip(_ key: AliasKey, to version: Int) -> StoredAlias {
        let alias = StoredAlias(
            name: key.model, alias: key.alias, version: version, previous: aliases[key]?.version)
        aliases[key] = alias
        return alias
    }

    /// The versions that nodes should hold: what aliases stand for, and what they stood for before.
    package var wanted: Set<ReplicaKey> {
        var keys: Set<ReplicaKey> = []
        for alias in aliases.values {
            keys.insert(ReplicaKey(alias.name, alias.version))
            if let previous = alias.previous { keys.insert(ReplicaKey(alias.name, previous)) }
        }
        return keys
    }

    /// Contents in the store that versions are made of.
    package var references: Set<ContentDigest> {
        var digests: Set<ContentDigest> = []
        for version in versions.values.joined() {
            digests.insert(version.manifest)
            digests.formUnion(version.details.files.map(\.digest))
        }
        return digests
    }
}
