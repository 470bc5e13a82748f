import ClusterProtocol
import JobProtocol
import Explanations
import Training
package import Wire

extension Deployment {
    /// The version that is asked for, if it may be promoted.
    func promotable(_ call: PromoteVersion) throws(Failure) -> StoredVersion {
        guard ClusterName.isValidAlias(call.alias) else {
            throw Failure(.invalidArgument, ClusterName.aliasExpectation(got: call.alias))
        }
        let versions = try versions(of: call.name)
        guard let version = versions.first(where: { $0.version == call.version }) else {
            throw noSuchVersion(ReplicaKey(call.name, call.version), among: versions)
        }
        let alias = AliasKey(call.name, call.alias)
        if let other = promotions[alias] {
            throw Failure(
                .failedPrecondition,
                "a promotion of \(other.candidate) to \(alias.alias) is under way; wait until it is over")
        }
        if !version.gate.passed, !call.force {
            throw Failure(
                .failedPrecondition,
                "\(call.name):\(call.version) does not pass its gate: \(version.gate.figures.joined(separator: "; ")); "
                    + "train a better one, or overrule the gate with --force --reason TEXT")
        }
        if call.force, call.reason.allSatisfy(\.isWhitespace) {
            throw Failure(.invalidArgument, "--force needs a reason, which is recorded; give one with --reason TEXT")
        }
        if nodes.isEmpty {
            throw Failure(.unavailable, "no inference node is alive to serve it; start one and try again")
        }
        return version
    }

    func rollbackTarget(of alias: AliasKey) throws(Failure) -> StoredVersion {
        _ = try versions(of: alias.model)
        guard let current = registry.aliases[alias] else {
            guard ClusterName.isValidAlias(alias.alias) else {
                throw Failure(.invalidArgument, ClusterName.aliasExpectation(got: alias.alias))
            }
            throw Failure(
                .notFound, "\(alias.model) has no alias '\(alias.alias)'; promote a version to it first")
        }
        guard let previous = current.previous,
            let version = registry.version(ReplicaKey(alias.model, previous))
        else {
            throw Failure(
                .failedPrecondition,
                "\(alias) has stood for no version but \(current.version); there is nothing to roll back to")
        }
        guard !readyNodes(of: ReplicaKey(alias.model, previous)).isEmpty else {
            throw Failure(
                .unavailable, "\(alias.model):\(previous) is not ready on any inference node; try again shortly")
        }
        return version
    }

    func versions(of model: String) throws(Failure) -> [StoredVersion] {
        guard let versions = registry.versions[model] else { throw noSuchModel(model) }
        return versions
    }

    package func noSuchModel(_ model: String) -> Failure {
        let known = registry.versions.keys.sorted().joined(separator: ", ")
        let wasThere = registry.lastVersion(of: model) > 0
        return Failure(
            .notFound,
            (wasThere ? "all versions of '\(model)' were deleted; " : "there is no model '\(model)'; ")
                + (known.isEmpty ? "none is registered\(wasThere ? "" : " yet")" : "there are: \(known)"))
    }

    /// A number that was given and is no longer there was a version once.
    func noSuchVersion(_ key: ReplicaKey, among versions: [StoredVersion]) -> Failure {
        let wasThere = key.version > 0 && key.version <= registry.lastVersion(of: key.model)
        return Failure(
            .notFound,
            (wasThere ? "\(key) was deleted; \(key.model)" : "\(key.model) has no version \(key.version); it")
                + " has \(Self.range(of: versions))")
    }

    static func range(of versions: [StoredVersion]) -> String {
        guard let first = versions.first?.version, let last = versions.last?.version else { return "none" }
        if first == last { return "\(first)" }
        if last - first == versions.count - 1 { return "\(first) to \(last)" }
        return versions.map { "\($0.version)" }.joined(separator: ", ")
    }
}
