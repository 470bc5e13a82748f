import JobProtocol
import Checkpoints
import ClusterProtocol
import Digests
import Foundation
import Testing
import Training

extension SystemTests {
    /// A model that goes on from another one.
    @Suite(.serialized) struct BaseModelTests {
        @Test func startsFromAVersionAndKeepsWhatIsFrozen() async throws {
            try await LocalCluster.run(workers: 2, inference: 0) { cluster in
                try await cluster.expect("train", Digits.job, "--set", "train.epochs=3")
                try await cluster.expect(
                    "train", Digits.job, "--set", "train.epochs=1", "--set", "model.base='digits:1'", "--set",
                    "model.freeze=['0', '2.bias']")
                let first = try await cluster.parameters(ofVersion: 1, of: "digits")
                let second = try await cluster.parameters(ofVersion: 2, of: "digits")
                #expect(first.keys == second.keys)
                for (name, values) in first {
                    let isFrozen = name.hasPrefix("0.") || name == "2.bias"
                    #expect((second[name] == values) == isFrozen, "\(name)")
                }
                let losses = [try await cluster.job("digits-1").curve, try await cluster.job("digits-2").curve]
                #expect(try #require(losses[1].first).trainingLoss < #require(losses[0].first).trainingLoss / 2)

                let unknown = try await cluster.martlet("train", Digits.job, "--set", "model.base='digits:9'")
                #expect(unknown.status != 0)
                #expect(unknown.errors.contains("versions 1 to 2"), "\(unknown.errors)")
                let missing = try await cluster.martlet(
                    "train", Digits.job, "--set", "model.base=/nowhere/m.safetensors")
                #expect(missing.status != 0)
                #expect(missing.errors.contains("model.base") && missing.errors.contains("/nowhere/m.safetensors"))
            }
        }
    }
}

extension LocalCluster {
    /// The bytes of each parameter of a version, from the coordinator's store.
    fileprivate func parameters(ofVersion version: Int, of name: String) async throws -> [String: [UInt8]] {
        let model: ModelStatus = try await expect("model", "show", name, "--json").decoded()
        let details = try #require(model.versions.first { $0.version == version }).details
        let digest = try #require(details.files.first { $0.name == "model.safetensors" }).digest
        let files = try FileManager.default.subpathsOfDirectory(atPath: data.path)
        let name = digest.description
        let suffix = "\(name.prefix(2))/\(name.dropFirst(2))"
        let path = try #require(files.first { $0.hasSuffix(suffix) })
        let file = try SafetensorsFile(contentsOf: data.appending(path: path))
        return try file.layout.tensors.reduce(into: [:]) { parameters, tensor in
            var bytes = [UInt8](repeating: 0, count: tensor.bytes.count)
            try bytes.withUnsafeMutableBytes { try file.read(tensor.name, into: $0) }
            parameters[tensor.name] = bytes
        }
    }
}
