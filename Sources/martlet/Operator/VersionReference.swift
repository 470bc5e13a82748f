import ArgumentParser
import ClusterProtocol

extension VersionReference: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}

extension VersionReference {
    /// From a command line.
    static func read(_ text: String) throws -> VersionReference {
        guard let reference = VersionReference(argument: text) else {
            throw ValidationError(
                "expected NAME, NAME:VERSION or NAME@ALIAS, where VERSION is a number such as 7, without zeros before "
                    + "it")
        }
        return reference
    }

    /// The one version that is meant; without a selector the newest.
    func version(in model: ModelStatus) throws -> ModelStatus.Version {
        let wanted: Int?
        switch selector {
        case .all: wanted = model.versions.map(\.version).max()
        case .version(let version): wanted = version
        case .alias(let alias):
            guard let version = model.aliases[alias] else {
                throw CommandFailure(
                    "model '\(name)' has no alias '\(alias)'; it has: \(ModelsView.aliasText(model.aliases))")
            }
            wanted = version
        }
        guard let found = model.versions.first(where: { $0.version == wanted }) else {
            let known = model.versions.map { String($0.version) }.joined(separator: ", ")
            throw CommandFailure(
                "model '\(name)' has no version \(wanted.map(String.init) ?? "at all"); it has: "
                    + (known.isEmpty ? "none" : known))
        }
        return found
    }
}

/// `digits:3`, where nothing else will do.
struct ExactVersion: ExpressibleByArgument, Equatable {
    var name: String
    var version: Int

    init?(argument: String) {
        guard let reference = VersionReference(argument: argument), case .version(let version) = reference.selector
        else { return nil }
        (name, self.version) = (reference.name, version)
    }

    /// From a command line.
    static func read(_ text: String) throws -> ExactVersion {
        guard let version = ExactVersion(argument: text) else {
            throw ValidationError(
                "expected NAME:VERSION, where VERSION is a number such as 7, without zeros before it")
        }
        return version
    }
}
