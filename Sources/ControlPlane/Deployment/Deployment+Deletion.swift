package import JobProtocol
package import ClusterProtocol
import Checkpoints
package import Digests
import Wire

extension Deployment {
    /// Deletes a version, or a model with all its versions, unless something refers to it.
    ///
    /// - Parameter bases: the manifests that jobs which are not over start from, by job.
    package mutating func delete(
        _ call: DeleteModel, bases: [String: ContentDigest], by operatorName: String,
        request: RequestID, at now: Moment, into effects: inout Effects
    ) {
        do throws(Failure) {
            let doomed = try doomed(call)
            let reasons = doomed.flatMap { references(to: $0, but: doomed, bases: bases) }
            guard reasons.isEmpty else {
                throw Failure(
                    .failedPrecondition,
                    "nothing was deleted: \(reasons.joined(separator: "; ")). Promote another version, delete the "
                        + "alias (martlet alias delete NAME@ALIAS) or wait for the job first")
            }
            for version in doomed {
                let key = ReplicaKey(version.name, version.version)
                registry.remove(key)
                effects.save(.dropVersion(key))
                effects.log(.info, "version deleted", ["model": key.description, "operator": operatorName])
            }
            let names = doomed.map { "\($0.name):\($0.version)" }
            effects.answer(request, .deletion(Deletion(deleted: names)))
        } catch {
            effects.answer(request, .failure(error))
        }
        settle(at: now, into: &effects)
    }

    /// Deletes an alias: what it stood for is no longer served by that name, and nodes let go of what no other alias
    /// stands for. Answered when gateways route without it.
    package mutating func delete(
        _ call: DeleteAlias, by operatorName: String, request: RequestID, at now: Moment, into effects: inout Effects
    ) {
        do throws(Failure) {
            _ = try versions(of: call.name)
            let alias = AliasKey(call.name, call.alias)
            if let promotion = promotions[alias] {
                throw Failure(
                    .failedPrecondition,
                    "a promotion of \(promotion.candidate) to \(call.alias) is under way; wait until it is over")
            }
            guard registry.aliases[alias] != nil else {
                let known = registry.aliases.keys.filter { $0.model == call.name }.map(\.alias).sorted()
                throw Failure(
                    .notFound,
                    "\(call.name) has no alias '\(call.alias)'; it has: "
                        + (known.isEmpty ? "none" : known.joined(separator: ", ")))
            }
            registry.remove(alias)
            effects.save(.dropAlias(alias))
            effects.log(.info, "alias deleted", ["alias": alias.description, "operator": operatorName])
            publish(at: now, into: &effects)
            awaitGateways(request, .deletion(Deletion(deleted: [alias.description])), at: now)
        } catch {
            effects.answer(request, .failure(error))
        }
        settle(at: now, into: &effects)
    }

    private func doomed(_ call: DeleteModel) throws(Failure) -> [StoredVersion] {
        let versions = try versions(of: call.name)
        guard let number = call.version else { return versions }
        guard let version = versions.first(where: { $0.version == number }) else {
            throw noSuchVersion(ReplicaKey(call.name, number), among: versions)
        }
        return [version]
    }

    /// What would be left without this version, each in words.
    private func references(
        to version: StoredVersion, but doomed: [StoredVersion], bases: [String: ContentDigest]
    ) -> [String] {
        let key = ReplicaKey(version.name, version.version)
        var reasons: [String] = []
        let aliases = registry.aliases.values.filter { $0.name == key.model }.sorted { $0.alias < $1.alias }
        for alias in aliases {
            let name = AliasKey(alias.name, alias.alias)
            if alias.version == key.version { reasons.append("\(name) stands for \(key)") }
            if alias.previous == key.version { reasons.append("\(name) can be rolled back to \(key)") }
        }
        for promotion in promotions.values where promotion.candidate == key {
            reasons.append("\(key) is being promoted to \(promotion.alias.alias)")
        }
        for (job, manifest) in bases.sorted(by: { $0.key < $1.key }) where manifest == version.manifest {
            reasons.append("job \(job) starts from \(key)")
        }
        let others = registry.versions.values.joined().filter { other in
            other.details.parent == version.manifest
                && !doomed.contains { $0.name == other.name && $0.version == other.version }
        }
        for other in others.sorted(by: { ($0.name, $0.version) < ($1.name, $1.version) }) {
            reasons.append("\(other.name):\(other.version) was made from \(key)")
        }
        return reasons
    }
}
