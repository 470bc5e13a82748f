import JobProtocol
import Explanations
import ArgumentParser
import Checkpoints
import ClusterProtocol
import Digests
import Files
import Foundation
import Tensors
import Training

struct ModelExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Copy a version's files into a folder, or its weights into a file for PyTorch.",
        discussion: """
            Examples:
              martlet model export digits:2 --output digits-2
              martlet model export digits:2 --names pytorch -o digits-2.safetensors

            A folder gets the weights in safetensors, and manifest.json; every file is checked against its digest, and \
            none that is there with other bytes is replaced. With \
            --names pytorch the weights are a state_dict, which a torch.nn.Sequential of the same layers takes:
              module.load_state_dict(safetensors.torch.load_file("digits-2.safetensors"))
            """)

    enum Names: String, ExpressibleByArgument, CaseIterable { case pytorch }

    @Argument(help: "NAME:VERSION or NAME@ALIAS; NAME alone is its newest version.", transform: VersionReference.read)
    var model: VersionReference

    @Option(help: "pytorch: one file with the names, shapes and types of the module's state_dict.")
    var names: Names?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The folder, made if it is not there; with --names the file.", valueName: "path"),
        completion: .file(), transform: HomeFolder.expand)
    var output: String

    @Flag(help: "Print JSON for scripts.")
    var json = false

    @OptionGroup var cluster: ClusterOption

    func validate() throws {
        guard !output.isEmpty else { throw ValidationError("--output: expected a path, found ''") }
    }

    func run() async throws {
        let files = try await OperatorSession.with(cluster.folder()) { session in
            let version = try model.version(in: try await session.client.model(model.name))
            return names == nil ? try await copy(version, session) : try await convert(version, session)
        }
        // Nothing behind the bytes themselves, where the file is standard output by another name.
        if !files.isEmpty { try Output.write(json ? Output.text(of: files) : files.joined(separator: "\n")) }
    }

    private func copy(_ version: ModelStatus.Version, _ session: OperatorSession) async throws -> [String] {
        let folder = URL(filePath: output)
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: output, isDirectory: &isFolder), !isFolder.boolValue {
            throw CommandFailure("--output: expected a folder, made if it is not there; '\(output)' is a file")
        }
        try Folder.make(folder)
        let files = version.details.files.map { ($0.name, $0.digest) } + [(Manifest.fileName, version.manifest)]
        for (name, digest) in files {
            // The name comes from a manifest and must not lead out of the folder.
            guard ClusterName.isValid(name) else {
                throw CommandFailure(ClusterName.expectation(for: "a file of the version", got: name))
            }
            try Self.requireRoom(at: folder.appending(path: name), for: digest)
        }
        for (name, digest) in files { try await session.client.download(digest, to: folder.appending(path: name)) }
        return files.map { folder.appending(path: $0.0).path }
    }

    /// A file with the same bytes is none that anyone could miss.
    static func requireRoom(at file: URL, for digest: ContentDigest) throws {
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        guard try ContentDigest(ofFile: file) == digest else {
            throw CommandFailure(
                "--output: \(file.path) is there and holds something else, another version perhaps; name another folder, "
                    + "or remove the file")
        }
    }

    private func convert(_ version: ModelStatus.Version, _ session: OperatorSession) async throws -> [String] {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: output, isDirectory: &isFolder), isFolder.boolValue {
            throw CommandFailure(
                "--output: expected a file, such as \(model.name).safetensors; '\(output)' is a folder")
        }
        let local = try await LocalModel(version, session)
        let bytes = try StateDictionary(local.network).bytes(local.parameters.pointer)
        return try OutputFile.write(bytes, to: output) ? [] : [URL(filePath: output).path]
    }
}
