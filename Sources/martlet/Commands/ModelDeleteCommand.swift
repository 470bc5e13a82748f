import ArgumentParser
import ClusterProtocol
import JobProtocol

struct ModelDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a version, or a model with all its versions, for good.",
        discussion: """
            Examples:
              martlet model delete digits:1
              martlet model delete digits

            What an alias stands for or can be rolled back to, what a job starts from, and what another version was \
            made from is not deleted: the message says what refers to it. A deleted version's number is not given again.
            """)

    @Argument(help: "NAME or NAME:VERSION.", transform: VersionReference.read)
    var model: VersionReference

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func validate() throws {
        if case .alias(let alias) = model.selector {
            throw ValidationError(
                "name the version, \(model.name):VERSION; `martlet alias delete \(model.name)@\(alias)` deletes an alias"
            )
        }
    }

    func run() async throws {
        let version: Int? = if case .version(let number) = model.selector { number } else { nil }
        let deletion = try await OperatorSession.with(cluster.folder()) {
            try await $0.client.deleteModel(model.name, version: version)
        }
        try deletion.show(output)
    }
}

extension Deletion {
    /// Says what is gone. Throws where gateways have not followed yet.
    func show(_ output: Output) throws {
        try output.show(self, lines: ["deleted \(deleted.joined(separator: ", "))"])
        try requireGateways(behind, "\(deleted.joined(separator: ", ")) is deleted")
    }
}

/// What was done stays done, but whoever asks next must know that it is not in force everywhere.
func requireGateways(_ behind: [String]?, _ done: String) throws {
    guard let behind, !behind.isEmpty else { return }
    throw CommandFailure(
        "\(done), but \(behind.joined(separator: ", ")) did not say in time that it routes so: it may answer as before "
            + "until it is heard again (martlet status)")
}
