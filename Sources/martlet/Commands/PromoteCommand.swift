import Explanations
import ArgumentParser
import JobProtocol
import Training

struct PromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Let a version answer under an alias, once enough nodes are ready for it.",
        discussion: """
            Example: martlet promote digits:2

            The version must pass its job's gate. The nodes fetch and check it and answer a known input first; \
            until then, and if any of that fails, the version before goes on answering. When the command returns, every \
            living gateway routes to the new version; one that does not say so in time is named, with exit code 1.
            """)

    @Argument(help: "NAME:VERSION.", transform: ExactVersion.read)
    var version: ExactVersion

    @Option(name: .customLong("to"), help: "The alias; requests that name no version are answered by 'production'.")
    var alias = "production"

    @Flag(help: "Promote although the gate failed; needs --reason.")
    var force = false

    @Option(help: "Why it is promoted all the same; recorded, and shown by `martlet logs coordinator`.")
    var reason: String?

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func validate() throws {
        let given = reason.map { !$0.allSatisfy(\.isWhitespace) } ?? false
        if force, !given { throw ValidationError("--force needs --reason TEXT: it is recorded with the promotion") }
        guard ClusterName.isValidAlias(alias) else {
            throw ValidationError("--to: \(ClusterName.aliasExpectation(got: alias))")
        }
        if !force, reason != nil { throw ValidationError("--reason is for --force only") }
    }

    func run() async throws {
        let promotion = try await OperatorSession.with(cluster.folder()) { session in
            try await session.client.promote(
                version.name, version: version.version, to: alias, force: force, reason: reason ?? "")
        }
        try promotion.show(output)
    }
}

extension PromotionOutcome {
    /// Says what answers. Throws where gateways have not followed yet.
    func show(_ output: Output) throws {
        try output.show(self, lines: [line])
        try requireGateways(behind, "\(name)@\(alias) stands for \(name):\(version)")
    }

    /// What happened, in one line.
    var line: String {
        let nodes = replicas.joined(separator: ", ")
        if unchanged == true {
            return "\(name):\(version) answered as \(name)@\(alias) before: nothing was changed; it is on \(nodes)"
        }
        let before = previous.map { " in place of \(name):\($0)" } ?? ""
        return "\(name):\(version) answers as \(name)@\(alias)\(before), on \(nodes)"
    }
}
