import Checkpoints
import Digests
import Foundation
import Testing

@Suite struct ManifestTests {
    private let manifest = Manifest(
        name: "digits", job: "job-1",
        files: [.init(name: "model.safetensors", digest: ContentDigest(of: [1]), bytes: 1)],
        specification: #"{"name":"digits"}"#, preprocessing: "{}",
        interface: ModelInterface(
            inputs: [.init(name: "input", datatype: "FP32", shape: [-1, 2])],
            outputs: [.init(name: "logits", datatype: "FP32", shape: [-1, 1])]),
        data: ContentDigest(of: [2]), seed: .max, epoch: 3, step: 30, metrics: ["loss": 0.25, "accuracy": 0.5],
        golden: Golden(input: [1, 2], rows: 1, output: [0.1]), codeVersion: "0.1.0")

    private func text(_ manifest: Manifest) throws -> String {
        String(decoding: try manifest.encoded(), as: UTF8.self)
    }

    private func problem(_ json: String) -> String? {
        do {
            _ = try Manifest.decode(Array(json.utf8))
            return nil
        } catch {
            return error.description
        }
    }

    @Test func theSameManifestAlwaysHasTheSameBytes() throws {
        let json = try text(manifest)
        #expect(json.hasPrefix(#"{"codeVersion":"0.1.0","data":"#))
        #expect(json.contains(#""metrics":{"accuracy":0.5,"loss":0.25}"#))
        let decoded = try Manifest.decode(Array(json.utf8))
        #expect(decoded == manifest)
        #expect(try decoded.digest() == manifest.digest())
        #expect(try decoded.file(named: "model.safetensors").bytes == 1)
        #expect(throws: ManifestError.self) { try decoded.file(named: "other") }
    }

    /// A manifest that does not say what its outputs mean is one of a version that was made before: its bytes, and so
    /// its digest, stay as they are.
    @Test func theMeaningOfOutputsMayBeUnsaid() throws {
        #expect(try !text(manifest).contains("outputMeaning"))
        var said = manifest
        said.outputMeaning = "probability"
        let decoded = try Manifest.decode(try said.encoded())
        #expect(decoded == said && decoded.outputMeaning == "probability")
    }

    @Test func otherJSONIsRefusedWithTheReason() throws {
        let json = try text(manifest)
        #expect(problem("not json") == "manifest.json: it is not JSON")
        #expect(problem("{}") == "manifest.json: the key 'format' is missing")
        #expect(
            problem(json.replacing(#""format":1"#, with: #""format":2"#))
                == "manifest.json: it has format 2, this version of Martlet reads format 1")
        #expect(problem(json.replacing(#""epoch":3,"#, with: "")) == "manifest.json: the key 'epoch' is missing")
        #expect(problem(json.replacing(#""epoch":3"#, with: #""epoch":"x""#)) == "manifest.json: epoch: expected Int")
        #expect(
            problem(json.replacing("model.safetensors", with: "../secret"))
                == "manifest.json: files: '../secret' is not a file name, or listed twice")
        #expect(
            problem(json.replacing(#""rows":1"#, with: #""rows":3"#))
                == "manifest.json: golden: the figures do not make 3 rows")
        #expect(
            problem(json.replacing(#""rows":1"#, with: #""interval":0,"rows":1"#))
                == "manifest.json: golden.interval: expected at least 1, found 0")
        #expect(
            problem(json.replacing(ContentDigest(of: [1]).description, with: "12"))?.contains("files.[0].digest")
                == true)
    }

    @Test func metricsThatAreNoFiniteNumbersAreNull() throws {
        var manifest = manifest
        manifest.metrics = ["accuracy": 0.5, "loss": .nan, "perplexity": .infinity]
        let json = try text(manifest)
        #expect(json.contains(#""metrics":{"accuracy":0.5,"loss":null,"perplexity":null}"#))
        let decoded = try Manifest.decode(Array(json.utf8))
        #expect(decoded.metrics["accuracy"] == 0.5)
        #expect(decoded.metrics["loss"]?.isNaN == true && decoded.metrics["perplexity"]?.isNaN == true)
        #expect(try text(decoded) == json)
    }

    @Test func goldenRowsThatProveNothingAreNamed() {
        var broken = manifest
        broken.golden.output = [.infinity]
        #expect(throws: ManifestError.self) { try broken.digest() }
    }
}
