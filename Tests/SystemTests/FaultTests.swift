import JobProtocol
import ClusterProtocol
import Foundation
import LoadTesting
import Synchronization
import Testing
import Training

extension SystemTests {
    /// kill -9 of each role in turn: what is promised holds.
    @Suite(.serialized) struct FaultTests {
        /// A job that runs long enough to be disturbed.
        static func submitLongJob(to cluster: LocalCluster) async throws -> String {
            try await cluster.expect(
                "train", Digits.job, "--detach", "--set", "train.epochs=40", "--set", "train.stop.patience=40")
            return try await cluster.lastJob().id
        }

        @Test func aKilledWorkerCostsItsGenerationAndNothingElse() async throws {
            try await LocalCluster.run(inference: 0) { cluster in
                let undisturbed = try await Self.submitLongJob(to: cluster)
                try await cluster.expect("job", "wait", undisturbed)
                let expected = try await cluster.job(undisturbed)

                let id = try await Self.submitLongJob(to: cluster)
                try await cluster.wait(for: "a checkpoint") { try await cluster.job(id).curve.count >= 2 }
                try await cluster.kill("worker-1")
                try await cluster.wait(for: "the next generation", timeout: .seconds(8)) {
                    let job = try await cluster.job(id)
                    return job.generation > expected.generation + 1 || job.detail.contains("worker-1")
                }
                try await cluster.expect("job", "wait", id)
                let job = try await cluster.job(id)
                #expect(job.state == .finished, "\(job.detail)")
                #expect(job.curve.map(\.trainingLoss) == expected.curve.map(\.trainingLoss))
                #expect(job.metrics == expected.metrics)
            }
        }

        @Test func aKilledCoordinatorInterruptsNothing() async throws {
            try await LocalCluster.run(inference: 1) { cluster in
                try await cluster.expect("train", Digits.job, "--set", "train.epochs=2")
                try await cluster.expect("promote", "digits:1", "--force", "--reason", "test of faults")
                let id = try await Self.submitLongJob(to: cluster)
                try await cluster.wait(for: "a checkpoint") { try await cluster.job(id).curve.count >= 1 }
                let before = try await cluster.job(id)
                try await cluster.kill("coordinator")
                let request = Digits.request(try Digits.rows(1)[0].pixels)
                #expect(try await cluster.infer("digits", request).status == 200)
                try await cluster.expect("cluster", "up")
                #expect(try await cluster.infer("digits", request).status == 200)
                try await cluster.expect("job", "wait", id)
                let job = try await cluster.job(id)
                #expect(job.state == .finished, "\(job.detail)")
                #expect(job.generation == before.generation, "the running generation was adopted: \(job.detail)")
                let models: [ModelStatus] = try await cluster.expect("models", "--json").decoded()
                #expect(models.first?.aliases["production"] == 1)
                #expect(models.first?.versions.count == 2)
            }
        }

        @Test func aKilledInferenceNodeFailsNoRequest() async throws {
            try await LocalCluster.run { cluster in
                try await cluster.expect("train", Digits.job, "--set", "train.epochs=2")
                try await cluster.expect("promote", "digits:1", "--force", "--reason", "test of faults")
                let load = try Load(of: cluster, seconds: 6)
                try await cluster.wait(for: "traffic") {
                    try await (cluster.status().models.first?.traffic.requestsPerSecond ?? 0) > 0
                }
                try await cluster.kill("inference-0")
                let report = try await load.report()
                #expect(report.failures == 0)
                #expect(report.requests > 100)
                let status = try await cluster.status()
                #expect(status.models.first?.replicasReady == 1)
                try await cluster.expect("cluster", "up")
                try await cluster.wait(for: "the replica is back") {
                    try await cluster.status().models.first?.replicasReady == 2
                }
            }
        }

        /// Nodes that are stopped, and then all of them gone: the one costs no request, and the other is told at once.
        @Test func stoppedAndLostInferenceNodes() async throws {
            try await LocalCluster.run { cluster in
                try await cluster.expect("train", Digits.job, "--set", "train.epochs=1")
                try await cluster.expect("promote", "digits:1", "--force", "--reason", "test of faults")
                let request = Digits.request(try Digits.rows(1)[0].pixels)
                try await cluster.stop("inference-0")
                for _ in 0..<12 { #expect(try await cluster.infer("digits", request).status == 200) }
                for node in ["inference-0", "inference-1"] { try await cluster.kill(node) }
                let refused = try await cluster.infer("digits", request)
                #expect(refused.status == 503)
                #expect(refused.body.contains("can be reached"), "\(refused.body)")
                try await cluster.expect("cluster", "up")
                try await cluster.wait(for: "answers") { try await cluster.infer("digits", request).status == 200 }
            }
        }

        @Test func aKilledGatewayServesAgainEvenWithoutTheCoordinator() async throws {
            try await LocalCluster.run(inference: 1) { cluster in
                try await cluster.expect("train", Digits.job, "--set", "train.epochs=1")
                try await cluster.expect("promote", "digits:1", "--force", "--reason", "test of faults")
                let request = Digits.request(try Digits.rows(1)[0].pixels)
                #expect(try await cluster.infer("digits", request).status == 200)
                try await cluster.kill("gateway-0")
                try await cluster.expect("cluster", "up")
                try await cluster.wait(for: "answers") { try await cluster.infer("digits", request).status == 200 }
            }
        }
    }

    /// Requests from eight connections for some seconds, in the background.
    struct Load: Sendable {
        private let task: Task<LoadGenerator.Report, any Error>

        init(of cluster: LocalCluster, seconds: Double) throws {
            let body = Digits.request(try Digits.rows(1)[0].pixels)
            let address = try cluster.gateway().replacing("http://", with: "").split(separator: ":")
            let head =
                "POST /v2/models/digits/infer HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n"
            let generator = LoadGenerator(
                host: String(address[0]), port: UInt16(address[1])!, request: Array((head + body).utf8), connections: 8)
            task = Task {
                try await withCheckedThrowingContinuation { continuation in
                    Thread.detachNewThread { continuation.resume(with: Result { try generator.run(seconds: seconds) }) }
                }
            }
        }

        func report() async throws -> LoadGenerator.Report { try await task.value }
    }
}
