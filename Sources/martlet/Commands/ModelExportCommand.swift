import ArgumentParser
import Checkpoints
import Cluster
import Foundation

struct ModelExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Copy a version's files into a folder: the weights in safetensors, and manifest.json.",
        discussion: """
            Example: martlet model export digits:2 --output digits-2

            Every file is checked against its digest. Python reads the weights with \
            safetensors.numpy.load_file("digits-2/model.safetensors").
            """)

    @Argument(help: "NAME:VERSION or NAME@ALIAS.")
    var model: VersionReference

    @Option(help: ArgumentHelp("The folder; made if it is not there.", valueName: "folder"), completion: .directory)
    var output: String

    @Flag(help: "Print JSON for scripts.")
    var json = false

    @OptionGroup var cluster: ClusterOption

    func run() async throws {
        let folder = URL(filePath: output)
        let files = try await OperatorSession.with(cluster.folder()) { session in
            let version = try model.version(in: try await session.client.model(model.name))
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let files =
                version.details.files.map { ($0.name, $0.digest) } + [(Manifest.fileName, version.manifest)]
            for (name, digest) in files {
                // The name comes from a manifest and must not lead out of the folder.
                guard ClusterName.isValid(name) else {
                    throw CommandFailure(ClusterName.expectation(for: "a file of the version", got: name))
                }
                try await session.client.download(digest, to: folder.appending(path: name))
            }
            return files.map { folder.appending(path: $0.0).path }
        }
        try Output.write(json ? Output.text(of: files) : files.joined(separator: "\n"))
    }
}
