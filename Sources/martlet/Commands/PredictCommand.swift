import ArgumentParser
import ClusterProtocol
import Datasets
import Explanations
import Files
import Foundation
import Serving
import Wire

struct PredictCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Send the rows of a file through the gateway and print the answers.",
        discussion: """
            Examples:
              martlet predict digits --input digit.json
              martlet predict diabetes:2 --input patients.csv --json
              martlet predict reviews@production --input sentences.txt
              martlet predict sunspots --input recent.csv

            A JSON file holds an array of rows, each an array or an object with the columns by name, or one such object, \
            or a whole request of the Open Inference Protocol; a JSONL file a row a line. A CSV file has a header line; \
            its columns are found by the names of the training data. A text file holds a text a line, for a model that \
            reads text. Each may be gzipped. A .png or .jpg file is one row of a model that learned from pictures, decoded \
            and resized as they were. Rows are read as training reads them: a field that is not there, or null, is a \
            missing value, and a note names the fields that no row has. For a model that translates the column or field \
            of the source is enough.

            A model that foretells a series answers for each window of consecutive rows. Long files are sent in pieces \
            and answered in their order, all by one version.
            """)

    @Argument(
        help: "NAME, NAME:VERSION or NAME@ALIAS; NAME alone is NAME@production.", transform: VersionReference.read)
    var model: VersionReference

    @Option(
        help: "A .csv, .json, .jsonl or .txt file, or one of them gzipped; or a .png or .jpg file.",
        completion: .file(extensions: PredictionFile.extensions + ["gz"]), transform: HomeFolder.expand)
    var input: String

    @Option(help: ArgumentHelp("A column of the CSV file that is no feature; may be given again.", valueName: "column"))
    var drop: [String] = []

    @Option(help: ArgumentHelp("The gateway's address. Default: the cluster's own.", valueName: "url"))
    var gateway: String?

    @Option(
        name: .customLong("api-key-file"),
        help: ArgumentHelp("File with the key to send, `Authorization: Bearer …`.", valueName: "file"),
        completion: .file(), transform: HomeFolder.expand)
    var keyFile: String?

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func validate() throws {
        guard let file = PredictionFile(input) else {
            throw ValidationError(
                "--input names a file whose ending says what it is: \(PredictionFile.endings), found '\(input)'")
        }
        if !drop.isEmpty, file.format != .rows(.csv) { throw ValidationError("--drop is for CSV files only") }
    }

    func run() async throws {
        guard let file = PredictionFile(input) else { return try validate() }
        let headers = try keyFile.map { [("authorization", "Bearer \(try Self.key(in: $0))")] } ?? []
        var gateway = GatewayConversation(try GatewaySource(self.gateway, cluster), headers: headers)
        var path = Self.path(of: model)
        let answer = try Self.checked(await gateway.send(.get, path))
        let metadata = try JSONDecoder().decode(ModelMetadata.self, from: Data(answer.body))
        var lacking: [String] = []
        var requests = try file.requests(for: metadata, dropping: drop) { lacking = $0 }
        var progress = PredictionProgress(rows: requests.reduce(0) { $0 + $1.places.count })
        defer { progress.clear() }
        var whole: Prediction?
        let isOne = requests.count == 1
        while let request = requests.first {
            let response: HTTPClient.Response
            do {
                let answer = try await gateway.send(
                    .post, "\(path)/infer", headers: [("content-type", "application/json")], body: request.body)
                if let rows = Self.rowLimit(answer).flatMap(request.rows(atMost:)) {
                    requests = try file.requests(
                        for: metadata, dropping: drop, rows: rows, skipping: progress.answered)
                    continue
                }
                response = try Self.checked(answer) { request.located($0, file: input) }
            } catch {
                progress.clear()
                guard progress.rows > request.places.count, !(error is CancellationError) else { throw error }
                throw CommandFailure(error.explanation + progress.lost(request, of: input))
            }
            if requests.count == 1, !lacking.isEmpty {
                progress.clear()
                Output.note(Self.note(ofLacking: lacking, in: input))
            }
            if output.json, isOne, whole == nil, requests.count == 1 {
                return try Output.write(String(decoding: response.body, as: UTF8.self))
            }
            let part = try Prediction(answer: response.body)
            if whole == nil {
                whole = part
                // A promotion meanwhile must not have two versions answer one file.
                if let version = part.modelVersion.flatMap({ Int($0) }) {
                    path = Self.path(of: VersionReference(name: model.name, selector: .version(version)))
                }
            } else {
                try whole?.append(part)
            }
            progress.answered(request)
            requests.removeFirst()
        }
        progress.clear()
        guard let whole else { return }
        if output.json { return try Output.write(Output.line(of: whole)) }
        try Output.write(whole.lines().joined(separator: "\n"))
    }

    /// Told once there is an answer: a model that fills nothing in has refused the rows.
    static func note(ofLacking columns: [String], in file: String) -> String {
        let shown = columns.prefix(shownColumns).map { "'\($0.shortened(toBytes: 60))'" }.joined(separator: ", ")
        let more = columns.count > shownColumns ? " and \(columns.count - shownColumns) more" : ""
        let (noun, verb) = columns.count == 1 ? ("field", "it was") : ("fields", "they were")
        return "\(file): no row has the \(noun) \(shown)\(more), which the model reads: "
            + "\(verb) taken as missing in all rows"
    }

    private static let shownColumns = 10

    /// The gateway takes an alias where it takes a version.
    static func path(of model: VersionReference) -> String {
        func escaped(_ text: String) -> String {
            text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(["-", "_", "."])) ?? text
        }
        let version =
            switch model.selector {
            case .all: ""
            case .version(let number): "/versions/\(number)"
            case .alias(let alias): "/versions/\(escaped(alias))"
            }
        return "/v2/models/\(escaped(model.name))\(version)"
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

    /// How many rows a request may have, where this one had more; nil for any other answer.
    private static func rowLimit(_ response: HTTPClient.Response) -> Int? {
        guard response.status == 400 else { return nil }
        return Failure.rowLimit(saidBy: String(decoding: response.body.prefix(4096), as: UTF8.self))
    }

    /// The answer if its status is 200; else what its body says went wrong.
    private static func checked(
        _ response: HTTPClient.Response, located: (String) -> String = { $0 }
    ) throws -> HTTPClient.Response {
        struct Problem: Decodable { var error: String }
        guard response.status == 200 else {
            let said = (try? JSONDecoder().decode(Problem.self, from: Data(response.body)))?.error
            throw CommandFailure(
                "the gateway answered \(response.status): \(said.map(located) ?? String(decoding: response.body.prefix(500), as: UTF8.self))"
            )
        }
        return response
    }
}
