import ClusterProtocol
import JobProtocol
import Foundation
import NeuralNetworks
import Testing
import Training

extension SystemTests {
    /// Jobs that people know from elsewhere come out as published.
    @Suite(.serialized) struct ReferenceJobTests {
        private static let folder = Command.repository.appending(path: "examples/reference")

        @Test func published() async throws {
            let made = try await Command.run(Self.folder.appending(path: "make-data"), [])
            try #require(made.status == 0, "\(made.errors)")
            try await LocalCluster.run(workers: 4, inference: 1) { cluster in
                for (name, parameters) in [
                    ("mlp", 11_274), ("mlp-softmax", 11_274), ("convolutions", 421_642), ("two-linear", 430),
                    ("binary", 10_689),
                ] {
                    let job = try await train(name, on: cluster)
                    #expect(job.state == .finished, "\(name): \(job.detail)")
                    let model: ModelStatus = try await cluster.expect("model", "show", "reference-\(name)", "--json")
                        .decoded()
                    let version = try #require(model.versions.last)
                    #expect(version.gate.passed, "\(name): \(job.metrics)")
                    #expect(try Network(job.specification.model).parameterCount == parameters, "\(name)")
                }
                try await checkLine(on: cluster)
            }
        }

        /// The slopes are what the model makes of unit vectors.
        private func checkLine(on cluster: LocalCluster) async throws {
            for workers in [1, 2, 4] {
                let job = try await train("line", on: cluster, workers: workers)
                #expect(job.state == .finished, "\(job.detail)")
                try await cluster.expect("promote", "reference-line:\(try #require(job.version))")
                let answer = try await cluster.infer(
                    "reference-line",
                    #"{"inputs":[{"name":"input","shape":[3,2],"datatype":"FP32","data":[1,0,0,1,5,6]}]}"#)
                #expect(answer.status == 200, "\(answer.body)")
                let outputs = try JSONDecoder().decode(Outputs.self, from: Data(answer.body.utf8)).outputs
                let values = try #require(outputs.first).data
                for (value, published) in zip(values, [0.941_055_433_1, 0.043_856_564_5, 4.968_416_552_4]) {
                    #expect(abs(value - published) < 1e-4, "\(workers) workers: \(values)")
                }
            }
        }

        private struct Outputs: Decodable {
            struct Output: Decodable {
                var data: [Double]
            }

            var outputs: [Output]
        }

        private func train(_ name: String, on cluster: LocalCluster, workers: Int = 2) async throws -> JobStatus {
            let file = Self.folder.appending(path: "\(name).yaml").path
            try await cluster.expect("train", file, "--workers", "\(workers)")
            return try await cluster.lastJob()
        }
    }
}
