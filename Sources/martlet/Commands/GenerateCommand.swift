import JobProtocol
import ArgumentParser
import Checkpoints
import ClusterProtocol
import Datasets
import Files
import Foundation
import NeuralNetworks
import Explanations
import Tensors

struct GenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Let a language model write on, or a translator translate.",
        discussion: """
            Examples:
              martlet generate stories --prompt "Once upon a time" --tokens 200 --temperature 0.8 --top-k 40 --seed 1
              martlet generate reverse@production --prompt "a b c"
              martlet generate stories-3 --prompt "The end"       (a folder that `martlet model export` wrote)

            The weights are downloaded and run in this process. The same seed gives the same text. A translation is \
            greedy: the likeliest token at each place.
            """)

    @Argument(help: "NAME, NAME:VERSION or NAME@ALIAS; or the folder of an exported version.")
    var model: String

    @Option(parsing: .unconditional, help: "The text to go on from, or to translate.")
    var prompt: String

    @Option(parsing: .unconditional, help: "Tokens to write, at most.")
    var tokens = 100

    @Option(parsing: .unconditional, help: "Below 1 likely tokens get likelier; 0: always the likeliest.")
    var temperature = 1.0

    @Option(parsing: .unconditional, help: "Only so many of the likeliest tokens can be chosen. Default: all.")
    var topK: Int?

    @Option(parsing: .unconditional, help: "Of the random numbers.")
    var seed: UInt64 = 0

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    struct Report: Encodable {
        var prompt: String
        var text: String
        var tokens: [Int]
    }

    func validate() throws {
        guard tokens > 0 else { throw ValidationError("--tokens must be at least 1, not \(tokens)") }
        guard temperature >= 0 else { throw ValidationError("--temperature must be at least 0, not \(temperature)") }
        guard topK ?? 1 > 0 else { throw ValidationError("--top-k must be at least 1, not \(topK!)") }
    }

    func run() async throws {
        let model = try await load()
        guard case .text(let text) = model.preprocessing.form else {
            throw CommandFailure("'\(self.model)' was not trained on text: martlet predict asks it")
        }
        let prompt = text.tokenizer.encode(self.prompt)
        guard !prompt.isEmpty else {
            throw CommandFailure("--prompt: expected some text, got none that the tokenizer knows")
        }
        let report: Report
        if let begin = text.begin, let end = text.end {
            let written = try translate(prompt, model, begin: begin, end: end)
            report = Report(prompt: self.prompt, text: text.tokenizer.decode(written), tokens: written)
        } else {
            let written = try goOn(prompt, model)
            report = Report(
                prompt: self.prompt, text: text.tokenizer.decode(prompt + written), tokens: written)
        }
        try output.show(report, lines: [report.text])
    }

    private func load() async throws -> LocalModel {
        let folder = URL(filePath: HomeFolder.expand(model))
        if FileManager.default.fileExists(atPath: folder.appending(path: Manifest.fileName).path) {
            return try LocalModel(folder: folder)
        }
        guard let reference = VersionReference(argument: model) else {
            throw CommandFailure("'\(model)': expected NAME, NAME:VERSION, NAME@ALIAS or an exported version's folder")
        }
        return try await OperatorSession.with(cluster.folder()) { session in
            try await LocalModel(reference.version(in: session.client.model(reference.name)), session)
        }
    }

    private func goOn(_ prompt: [Int], _ model: LocalModel) throws -> [Int] {
        guard let generator = TextGenerator(network: model.network, meaning: model.meaning) else {
            throw CommandFailure(
                "'\(self.model)' does not say what comes next at each position: it is no language model")
        }
        do throws(UnsoundLogits) {
            let written = try generator.generate(
                after: prompt, count: tokens, parameters: model.parameters.pointer,
                sampling: TokenSampling(temperature: temperature, topK: topK, seed: seed))
            return Array(written.dropFirst(prompt.count))
        } catch {
            throw CommandFailure("'\(self.model)': \(error)")
        }
    }

    private func translate(_ source: [Int], _ model: LocalModel, begin: Int, end: Int) throws -> [Int] {
        guard let decoder = SequenceDecoder(network: model.network, start: begin, end: end, maximumRows: 1) else {
            throw CommandFailure("'\(self.model)' has no source before its target: it is no encoder-decoder")
        }
        guard source.count <= decoder.sourceLength else {
            throw CommandFailure("--prompt: \(counted(source.count, "token")), the model takes \(decoder.sourceLength)")
        }
        guard let written = decoder.decode([source], parameters: model.parameters.pointer)[0] else {
            throw CommandFailure("'\(self.model)': \(UnsoundLogits(position: decoder.targets[0].count))")
        }
        return Array(written.prefix(tokens))
    }
}
