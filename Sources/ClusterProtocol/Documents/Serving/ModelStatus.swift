package import Checkpoints
package import Digests

/// What `martlet models` and `martlet model show` print.
package struct ModelStatus: Codable, Sendable, Equatable {
    package var name: String
    package var aliases: [String: Int]
    package var versions: [Version]

    package struct Version: Codable, Sendable, Equatable {
        package var version: Int
        package var manifest: ContentDigest
        package var details: Manifest
        package var gate: GateResult
        /// Ready nodes by name.
        package var replicas: [String]

        package init(version: Int, manifest: ContentDigest, details: Manifest, gate: GateResult, replicas: [String]) {
            self.version = version
            self.manifest = manifest
            self.details = details
            self.gate = gate
            self.replicas = replicas
        }
    }

    package struct GateResult: Codable, Sendable, Equatable {
        package var passed: Bool
        /// One line per bound: metric, figure, bound.
        package var figures: [String]

        package init(passed: Bool, figures: [String]) {
            self.passed = passed
            self.figures = figures
        }
    }

    package init(name: String, aliases: [String: Int], versions: [Version]) {
        self.name = name
        self.aliases = aliases
        self.versions = versions
    }
}

extension ModelStatus: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(name, "name")
        for version in versions { try version.check() }
    }
}

extension ModelStatus.Version: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.count(version, "version", in: 1...Check.largestCount)
        try Check.count(details.epoch, "details.epoch")
        try Check.count(details.step, "details.step")
        try details.interface.check("details.interface")
    }
}
