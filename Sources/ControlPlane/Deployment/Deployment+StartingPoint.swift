import JobProtocol
import ClusterProtocol
import Checkpoints
import Digests
import Wire

extension Deployment {
    /// What a job whose model has this `base:` starts from; nil for none, and for a file, which is read when the job is
    /// prepared.
    func startingPoint(_ base: String?) throws(Failure) -> StartingPoint? {
        guard let base, !base.hasSuffix(".safetensors") else { return nil }
        let version = try version(named: base)
        do throws(ManifestError) {
            return StartingPoint(
                base: "\(version.name):\(version.version)",
                model: try version.details.file(named: Manifest.weightsFileName).digest, manifest: version.manifest)
        } catch {
            throw Failure(.failedPrecondition, "model.base: \(base): \(error)")
        }
    }

    private func version(named base: String) throws(Failure) -> StoredVersion {
        let number: Int?
        guard let reference = VersionReference(base), reference.selector != .all else {
            throw Failure(
                .invalidArgument,
                "model.base is '\(base)', expected NAME:VERSION, NAME@ALIAS, or the path of a .safetensors file")
        }
        let versions = try versions(of: reference.name)
        switch reference.selector {
        case .all: number = nil
        case .version(let version): number = version
        case .alias(let alias): number = registry.aliases[AliasKey(reference.name, alias)]?.version
        }
        guard let version = versions.first(where: { $0.version == number }) else {
            throw Failure(
                .notFound,
                "model.base: there is no \(base); \(reference.name) has the versions \(Self.range(of: versions))")
        }
        return version
    }
}
