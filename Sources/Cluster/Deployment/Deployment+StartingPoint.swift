import Checkpoints
import Digests
import Wire

extension Deployment {
    /// What a job whose model has this `base:` starts from; nil for none, and for a file, which is read when the job is
    /// prepared.
    func startingPoint(_ base: String?) throws(Failure) -> StartingPoint? {
        guard let base, !Self.isFile(base) else { return nil }
        let version = try version(named: base)
        guard let file = version.details.files.first(where: { $0.name == "model.safetensors" }) else {
            throw Failure(.failedPrecondition, "model.base: \(base) has no model.safetensors")
        }
        return StartingPoint(base: "\(version.name):\(version.version)", model: file.digest, manifest: version.manifest)
    }

    static func isFile(_ base: String) -> Bool { base.hasSuffix(".safetensors") }

    private func version(named base: String) throws(Failure) -> StoredVersion {
        guard let separator = base.firstIndex(where: { $0 == ":" || $0 == "@" }) else {
            throw Failure(
                .invalidArgument,
                "model.base is '\(base)', expected NAME:VERSION, NAME@ALIAS, or the path of a .safetensors file")
        }
        let name = String(base[..<separator])
        let rest = String(base[base.index(after: separator)...])
        guard let versions = registry.versions[name] else { throw noSuchModel(name) }
        let number = base[separator] == "@" ? registry.aliases[AliasKey(name, rest)]?.version : Int(rest)
        guard let version = versions.first(where: { $0.version == number }) else {
            throw Failure(
                .notFound,
                "model.base: there is no \(base); \(name) has the versions \(Self.range(of: versions))")
        }
        return version
    }
}
