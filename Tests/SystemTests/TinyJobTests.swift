import JobProtocol
import Foundation
import Testing
import Training
import Wire

extension SystemTests {
    /// A job whose epochs are much shorter than a message takes to be read, beside everything else that a cluster does.
    @Suite struct TinyJobTests {
        @Test func aTinyJobLeavesTheCoordinatorToTheOthers() async throws {
            try await LocalCluster.run(workers: 1, inference: 1) { cluster in
                let rows = (0..<40).map { "\(Double($0 % 7) - 3),\(Double($0 % 5) - 2),\($0 % 2 == 0 ? "a" : "b")" }
                try (["x,y,label"] + rows).joined(separator: "\n").write(
                    to: cluster.folder.appending(path: "tiny.csv"), atomically: true, encoding: .utf8)
                let job = cluster.folder.appending(path: "tiny.yaml")
                try """
                name: tiny
                model: { family: mlp, hidden: [8], input: 2, classes: 2 }
                data: { path: tiny.csv, target: label, split: { train: 0.6, validation: 0.2, test: 0.2 } }
                train: { optimizer: { name: sgd, learning_rate: 0.1 }, batch_size: 24, epochs: 100000, workers: 1 }
                """.write(to: job, atomically: true, encoding: .utf8)
                let training = Task { try await cluster.martlet("train", job.path) }

                // More epochs than ever fitted into one message.
                try await cluster.wait(for: "20,000 epochs", timeout: .seconds(120)) {
                    try await cluster.jobs().first?.progress?.epoch ?? 0 > 20_000
                }
                let status = try await cluster.status()
                #expect(status.nodes.allSatisfy { $0.state == .alive })
                let running = try await cluster.job("tiny-1")
                #expect(running.generation == 1 && running.state == .running)
                #expect((100...520).contains(running.curve.count))
                #expect(running.curve.first?.epoch == 1 && running.curve.last?.epoch ?? 0 > 10_000)

                try await cluster.expect("job", "cancel", "tiny-1")
                #expect(try await training.value.errors.contains("job tiny-1 was cancelled"))
                #expect(try await cluster.job("tiny-1").state == .cancelled)
                try await cluster.wait(for: "the worker is free") {
                    try await cluster.status().nodes.first { $0.role == .worker }?.activity == "idle"
                }
                let log = try String(
                    contentsOf: cluster.data.appending(path: "logs/coordinator.log"), encoding: .utf8)
                #expect(!log.contains("node suspect") && !log.contains("too many wait"))

                // What such a job left in the store is no hindrance for the next start.
                try await cluster.expect("cluster", "down")
                try await cluster.expect("cluster", "up")
                #expect(try await cluster.jobs().map(\.state) == [.cancelled])
            }
        }
    }
}
