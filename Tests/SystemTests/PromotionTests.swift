import Checkpoints
import ClusterProtocol
import Digests
import Foundation
import LoadTesting
import Testing

extension SystemTests {
    /// A bad promotion never touches the version that serves.
    @Suite(.serialized) struct PromotionTests {
        @Test func gateCorruptionAndRollback() async throws {
            try await LocalCluster.run { cluster in
                try await cluster.expect("train", Digits.job)
                try await cluster.expect("promote", "digits:1")
                try await cluster.expect("train", Digits.job, "--set", "train.epochs=1")
                let load = try SystemTests.Load(of: cluster, seconds: 8)

                let refused = try await cluster.martlet("promote", "digits:2")
                #expect(refused.status != 0)
                #expect(refused.errors.contains("accuracy") && refused.errors.contains("0.97"), "\(refused.errors)")
                let unreasoned = try await cluster.martlet("promote", "digits:2", "--force")
                #expect(unreasoned.status != 0)
                #expect(unreasoned.errors.contains("reason"))

                try await cluster.expect("promote", "digits:2", "--force", "--reason", "to see the difference")
                #expect(try await cluster.servedVersion() == "2")
                try await cluster.expect("rollback", "digits")
                #expect(try await cluster.servedVersion() == "1")

                try await cluster.expect("train", Digits.job, "--set", "train.seed=8", "--set", "train.epochs=2")
                try await cluster.corruptModel(version: 3)
                let corrupt = try await cluster.martlet("promote", "digits:3", "--force", "--reason", "it is damaged")
                #expect(corrupt.status != 0)
                #expect(corrupt.errors.contains("inference-"), "\(corrupt.errors)")
                #expect(try await cluster.servedVersion() == "1")
                #expect(try await load.report().failures == 0)
            }
        }
    }
}

extension LocalCluster {
    /// The version that answers now.
    func servedVersion() async throws -> String? {
        try await infer("digits", Digits.request(try Digits.rows(1)[0].pixels)).headers["martlet-model-version"]
    }

    /// Flips one bit of a version's parameters in the coordinator's store.
    func corruptModel(version: Int) async throws {
        let model: ModelStatus = try await expect("model", "show", "digits", "--json").decoded()
        let entry = try #require(model.versions.first { $0.version == version })
        let digest = try #require(entry.details.files.first { $0.name == "model.safetensors" }).digest
        let files = try FileManager.default.subpathsOfDirectory(atPath: data.appending(path: "nodes/coordinator").path)
        let path = try #require(files.first { $0.hasSuffix(digest.description.dropFirst(2)) })
        let file = data.appending(path: "nodes/coordinator").appending(path: path)
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count - 3] ^= 1
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        let handle = try FileHandle(forWritingTo: file)
        try handle.write(contentsOf: bytes)
        try handle.close()
    }
}
