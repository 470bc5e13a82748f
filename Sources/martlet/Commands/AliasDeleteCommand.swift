import JobProtocol
import ArgumentParser
import ClusterProtocol

struct AliasDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete an alias: nothing answers under it any more, and its versions may be deleted.",
        discussion: """
            Example: martlet alias delete digits@canary

            Nodes let go of the version that it stood for and the one before, unless another alias stands for them.
            """)

    @Argument(help: "NAME@ALIAS.", transform: VersionReference.read)
    var alias: VersionReference

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func validate() throws { _ = try aliasName() }

    func run() async throws {
        let name = try aliasName()
        let deletion = try await OperatorSession.with(cluster.folder()) {
            try await $0.client.deleteAlias(alias.name, alias: name)
        }
        try deletion.show(output)
    }

    private func aliasName() throws -> String {
        guard case .alias(let name) = alias.selector else {
            throw ValidationError("name the alias: \(alias.name)@ALIAS")
        }
        return name
    }
}
