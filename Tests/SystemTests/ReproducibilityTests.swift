import JobProtocol
import Checkpoints
import ClusterProtocol
import Digests
import Foundation
import Testing
import Training

extension SystemTests {
    /// The number of workers decides how fast a job ends, not what it ends in.
    @Suite(.serialized) struct ReproducibilityTests {
        @Test func anyNumberOfWorkersGivesTheSameModel() async throws {
            try await LocalCluster.run(workers: 4, inference: 0) { cluster in
                var models: [ContentDigest] = []
                var curves: [[Double]] = []
                for workers in [1, 2, 4, 2] {
                    try await cluster.expect(
                        "train", Digits.job, "--workers", "\(workers)", "--set", "train.epochs=4")
                    let job = try await cluster.lastJob()
                    #expect(job.state == .finished, "\(job.detail)")
                    curves.append(job.curve.map(\.trainingLoss))
                    let model: ModelStatus = try await cluster.expect("model", "show", "digits", "--json").decoded()
                    let version = try #require(model.versions.first { $0.version == job.version })
                    models.append(try #require(version.details.files.first { $0.name == "model.safetensors" }).digest)
                }
                #expect(curves.allSatisfy { $0 == curves[0] })
                #expect(Set(models).count == 1)
            }
        }
    }
}
