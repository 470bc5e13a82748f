import JobProtocol
import Foundation
import Testing
import Training

extension SystemTests {
    /// The examples whose samples are sequences, from the data to the answers.
    @Suite(.serialized) struct SequenceJobTests {
        private static let examples = Command.repository.appending(path: "examples")

        private struct Pair: Decodable {
            var source: String
            var target: String
        }

        private struct Translations: Decodable {
            struct Output: Decodable {
                var data: [String]
            }

            var outputs: [Output]
        }

        @Test func reversesWordsItHasNotSeen() async throws {
            try await make("reverse")
            let seen = Set(try pairs("reverse").map(\.source))
            let letters = Array("abcdefghij")
            let unseen = (0..<10_000).map { number in
                String(format: "%04d", number).map { String(letters[$0.wholeNumberValue!]) }.joined(separator: " ")
            }.filter { !seen.contains($0) }
            let sources = stride(from: 0, to: unseen.count, by: unseen.count / 200).map { unseen[$0] }
            try await LocalCluster.run(inference: 1) { cluster in
                try await cluster.expect("train", job("reverse"))
                try await cluster.expect("promote", "reverse:1")
                let answers = try await translations(of: sources, by: "reverse", on: cluster)
                let right = zip(sources, answers).count {
                    $0.split(separator: " ").reversed().elementsEqual($1.split(separator: " "))
                }
                #expect(Double(right) / Double(sources.count) >= 0.95, "\(right) of \(sources.count)")
            }
        }

        /// On pairs of which nine tenths were trained on, so that at most that part could be known by heart.
        @Test func translatesPhrases() async throws {
            try await make("translate")
            let pairs = try pairs("translate").enumerated().filter { $0.offset % 4 == 0 }.map(\.element)
            try await LocalCluster.run(inference: 1) { cluster in
                try await cluster.expect("train", job("translate"))
                let trained = try await cluster.lastJob()
                #expect(try #require(trained.metrics["accuracy"]) >= 0.98)
                try await cluster.expect("promote", "translate:1")
                let answers = try await translations(of: pairs.map(\.source), by: "translate", on: cluster)
                #expect(answers.count == pairs.count)
                let right = zip(pairs, answers).count { Self.words($0.target) == Self.words($1) }
                #expect(Double(right) / Double(pairs.count) >= 0.95, "\(right) of \(pairs.count)")
            }
        }

        @Test func forecastsSunspots() async throws {
            try await LocalCluster.run(workers: 4, inference: 0) { cluster in
                var metrics: [[String: Double]] = []
                for workers in [1, 2, 4] {
                    try await cluster.expect("train", job("sunspots"), "--workers", "\(workers)")
                    let trained = try await cluster.lastJob()
                    #expect(trained.state == .finished, "\(trained.detail)")
                    #expect(try #require(trained.metrics["r2"]) >= 0.7)
                    metrics.append(trained.metrics)
                }
                #expect(metrics.allSatisfy { $0 == metrics[0] })
            }
        }

        /// The example's own text has to be fetched; the pages of this project are English too.
        @Test func languageModelLearnsAndWrites() async throws {
            try await LocalCluster.run(inference: 0) { cluster in
                let text = cluster.folder.appending(path: "text.txt")
                let docs = Command.repository.appending(path: "docs")
                let pages = try FileManager.default.contentsOfDirectory(atPath: docs.path)
                    .filter { $0.hasSuffix(".md") }.sorted()
                try pages.map { try String(contentsOf: docs.appending(path: $0), encoding: .utf8) }.joined()
                    .write(to: text, atomically: true, encoding: .utf8)
                try await cluster.expect(
                    "train", job("gpt-text"), "--set", "data.path=\(text.path)", "--set", "data.text.positions=32",
                    "--set", "data.text.tokenizer=bytes", "--set", "model.vocabulary=256", "--set",
                    "model.classes=256",
                    "--set", "model.input=32", "--set", "model.width=48", "--set", "model.heads=4", "--set",
                    "model.layers=2", "--set", "train.epochs=4")
                let trained = try await cluster.lastJob()
                #expect(trained.state == .finished, "\(trained.detail)")
                let losses = trained.curve.compactMap(\.validationLoss)
                #expect(losses.count == 4 && losses == losses.sorted(by: >), "\(losses)")
                // All bytes alike would be a perplexity of 256.
                #expect(try #require(trained.metrics["perplexity"]) < 16)

                let write = ["generate", "gpt-text:1", "--prompt", "The coordinator", "--tokens", "30", "--seed", "1"]
                let first = try await cluster.expect(write)
                #expect(first.output.hasPrefix("The coordinator") && first.output.count > 40, "\(first.output)")
                #expect(try await cluster.expect(write).output == first.output)
            }
        }

        private func job(_ example: String) -> String {
            Self.examples.appending(path: "\(example)/job.yaml").path
        }

        private func make(_ example: String) async throws {
            let made = try await Command.run(Self.examples.appending(path: "\(example)/make-data"), [])
            try #require(made.status == 0, "\(made.errors)")
        }

        private func pairs(_ example: String) throws -> [Pair] {
            let file = Self.examples.appending(path: "\(example)/generated/pairs.jsonl")
            return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
                try JSONDecoder().decode(Pair.self, from: Data($0.utf8))
            }
        }

        /// What the gateway answers to these texts.
        private func translations(of sources: [String], by model: String, on cluster: LocalCluster) async throws
            -> [String]
        {
            let file = cluster.folder.appending(path: "sources.txt")
            try sources.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
            let answer: Translations = try await cluster.expect("predict", model, "--input", file.path, "--json")
                .decoded()
            return try #require(answer.outputs.first).data
        }

        /// Tokens are joined by spaces, which the phrases of the data have not everywhere.
        private static func words(_ text: String) -> String { text.filter { $0 != " " } }
    }
}
