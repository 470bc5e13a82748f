import ArgumentParser
import Cluster
import Datasets
import Files
import Foundation

struct PredictCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Send the rows of a file through the gateway and print the answers.",
        discussion: """
            Examples:
              martlet predict digits --input digit.json
              martlet predict diabetes:2 --input patients.csv --json
              martlet predict reviews --input sentences.txt

            A JSON file holds an array of rows, each an array or an object with the columns by name, or a whole request \
            of the Open Inference Protocol. A CSV file has a header line; its columns are found by the names of the \
            training data. A text file holds a text a line, for a model that reads text. A .png or .jpg file is one row of a \
            model that learned from pictures, decoded and resized as they were.
            """)

    @Argument(help: "NAME or NAME:VERSION; without a version the one behind alias 'production' answers.")
    var model: VersionReference

    @Option(
        help: "A .json, .csv, .txt, .png or .jpg file.",
        completion: .file(extensions: ["json", "csv", "txt", "png", "jpg", "jpeg"]))
    var input: String

    @Option(help: ArgumentHelp("A column of the CSV file that is no feature; may be given again.", valueName: "column"))
    var drop: [String] = []

    @Option(help: ArgumentHelp("The gateway's address. Default: the cluster's own.", valueName: "url"))
    var gateway: String?

    @Option(
        name: .customLong("api-key-file"),
        help: ArgumentHelp("File with the key to send, `Authorization: Bearer …`.", valueName: "file"),
        completion: .file())
    var keyFile: String?

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func validate() throws {
        guard (["json", "csv", "txt"] + PredictionRequest.pictureTypes).contains(fileType) else {
            throw ValidationError("--input must end in .json, .csv, .txt, .png or .jpg, not '\(input)'")
        }
        if !drop.isEmpty, fileType != "csv" { throw ValidationError("--drop is for CSV files only") }
        if case .alias = model.selector {
            throw ValidationError("name a version (NAME:VERSION), or none for the one behind 'production'")
        }
    }

    private var fileType: String { URL(filePath: input).pathExtension.lowercased() }

    func run() async throws {
        let address = try modelAddress()
        let headers = try keyFile.map { [("authorization", "Bearer \(try Self.key(in: $0))")] } ?? []
        let answer = try await Self.checked(.init(method: .get, url: address, headers: headers))
        let metadata = try JSONDecoder().decode(ModelMetadata.self, from: Data(answer.body))
        let request = try self.request(for: metadata)
        let response = try await Self.checked(
            .init(
                method: .post, url: "\(address)/infer", headers: headers + [("content-type", "application/json")],
                body: request.body))
        if output.json { return try Output.write(String(decoding: response.body, as: UTF8.self)) }
        let prediction = try JSONDecoder().decode(Prediction.self, from: Data(response.body))
        try Output.write(prediction.lines().joined(separator: "\n"))
    }

    private func modelAddress() throws -> String {
        let address: String
        if let gateway {
            address = gateway.hasSuffix("/") ? String(gateway.dropLast()) : gateway
        } else {
            let folder = try cluster.folder()
            guard let known = folder.endpoint(of: NodeName.gateway) else {
                throw CommandFailure("the cluster in \(folder.root.path) has no gateway running; name one by --gateway")
            }
            address = known
        }
        let name = model.name.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(["-", "_", "."]))
        let version = if case .version(let number) = model.selector { "/versions/\(number)" } else { "" }
        return "\(address)/v2/models/\(name ?? model.name)\(version)"
    }

    /// A file is read whole.
    private static let inputBytes = 1 << 30

    private func request(for metadata: ModelMetadata) throws -> PredictionRequest {
        if PredictionRequest.pictureTypes.contains(fileType) {
            return try PredictionRequest(pictureFile: input, model: metadata)
        }
        let bytes = try InputFile.bytes(of: input, limit: Self.inputBytes)
        if fileType == "txt" {
            return try PredictionRequest(text: String(decoding: bytes, as: UTF8.self), model: metadata, file: input)
        }
        if fileType == "json" { return try PredictionRequest(json: bytes, model: metadata, file: input) }
        return try PredictionRequest(
            table: try CSVTable(bytes, file: input), dropping: drop, model: metadata, file: input)
    }

    /// Longer than any key.
    private static let keyBytes = 64 << 10

    private static func key(in file: String) throws -> String {
        let bytes = try InputFile.bytes(of: file, limit: keyBytes)
        let key = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !key.isEmpty, !key.contains(where: \.isWhitespace) else {
            throw CommandFailure("\(file) should hold one key and nothing else")
        }
        return key
    }

    /// The answer if its status is 200; else what its body says went wrong.
    private static func checked(_ request: HTTPClient.Request) async throws -> HTTPClient.Response {
        struct Problem: Decodable { var error: String }
        let response = try await HTTPClient.send(request, timeout: .seconds(60))
        guard response.status == 200 else {
            let said = (try? JSONDecoder().decode(Problem.self, from: Data(response.body)))?.error
            throw CommandFailure(
                "the gateway answered \(response.status): \(said ?? String(decoding: response.body.prefix(500), as: UTF8.self))"
            )
        }
        return response
    }
}
