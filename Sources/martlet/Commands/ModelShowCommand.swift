import JobProtocol
import ArgumentParser
import ClusterProtocol

struct ModelShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show all versions of a model, or everything about one.",
        discussion: """
            Examples:
              martlet model show digits
              martlet model show digits:2
              martlet model show digits@production --json
            """)

    @Argument(help: "NAME, NAME:VERSION or NAME@ALIAS.", transform: VersionReference.read)
    var model: VersionReference

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        let (status, found) = try await OperatorSession.with(cluster.folder()) {
            session -> (ModelStatus, ModelStatus.Version?) in
            let status = try await session.client.model(model.name)
            guard model.selector != .all else { return (status, nil) }
            var version = try model.version(in: status)
            version.details = try await session.client.manifest(of: version)
            return (status, version)
        }
        guard let version = found else {
            return try output.show(status, lines: ModelsView.versionLines(status, width: Output.width))
        }
        try output.show(version, lines: ModelsView.lines(version, of: status))
    }
}
