import JobProtocol
import Explanations
import ArgumentParser
import ClusterProtocol
import Training

struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Let the version that an alias had before answer again.",
        discussion: """
            Examples:
              martlet rollback digits
              martlet rollback digits@canary

            The version before is kept loaded on its nodes, so this takes no longer than telling the gateways.
            """)

    @Argument(help: "NAME or NAME@ALIAS; NAME alone is NAME@production.", transform: VersionReference.read)
    var model: VersionReference

    @Option(name: .customLong("alias"), help: "The alias to put back, in place of NAME@ALIAS.")
    var option: String?

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func validate() throws { _ = try alias() }

    func run() async throws {
        let alias = try alias()
        let promotion = try await OperatorSession.with(cluster.folder()) { session in
            try await session.client.rollback(model.name, alias: alias)
        }
        try promotion.show(output)
    }

    func alias() throws -> String {
        let named: String? = if case .alias(let alias) = model.selector { alias } else { option }
        if let named, !ClusterName.isValidAlias(named) {
            let version = Int(digits: named).map { "; for version \($0) use martlet promote \(model.name):\($0)" } ?? ""
            throw ValidationError(ClusterName.aliasExpectation(got: named) + version)
        }
        switch (model.selector, option) {
        case (.all, let option): return option ?? "production"
        case (.alias(let alias), nil): return alias
        case (.alias(let alias), let option?):
            guard alias == option else {
                throw ValidationError("'\(model.name)@\(alias)' and --alias \(option) name two aliases: give one")
            }
            return alias
        case (.version(let version), _):
            throw ValidationError(
                "a rollback goes to the version before: name the model or NAME@ALIAS; for version \(version) use "
                    + "martlet promote \(model.name):\(version)")
        }
    }
}
