import JobProtocol
import Foundation
import Testing

extension SystemTests {
    /// Data is prepared in a process of its own, whose end is not the coordinator's.
    @Suite(.serialized) struct PreparationTests {
        private static func job(positions: Int) -> String {
            """
            name: text
            model: { family: gpt, vocabulary: 256, input: \(positions), width: 8, layers: 1, heads: 1 }
            data:
              path: text.txt
              format: text
              split: { train: 0.9, test: 0.1 }
              text: { positions: \(positions), stride: 1, tokenizer: bytes }
            train: { optimizer: { name: sgd, learning_rate: 0.1 }, batch_size: 64, epochs: 1, workers: 1 }
            """
        }

        private static func write(_ cluster: LocalCluster, bytes: Int, positions: Int) throws -> String {
            let line = Data("all work and no play makes jack a dull boy ".utf8)
            var text = Data(capacity: bytes + line.count)
            while text.count < bytes { text.append(line) }
            try text.write(to: cluster.folder.appending(path: "text.txt"))
            let file = cluster.folder.appending(path: "job.yaml")
            try job(positions: positions).write(to: file, atomically: true, encoding: .utf8)
            return file.path
        }

        /// The preparations that run for this cluster.
        private static func preparations(_ cluster: LocalCluster) -> [Int32] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            return names.compactMap { Int32($0) }.filter { id in
                let line = (try? Data(contentsOf: URL(filePath: "/proc/\(id)/cmdline"))) ?? Data()
                let arguments = String(decoding: line, as: UTF8.self)
                return arguments.contains("\0prepare\0") && arguments.contains(cluster.data.path)
            }
        }

        @Test func dataThatTakesTooMuchMemoryEndsItsJobAlone() async throws {
            try await LocalCluster.run(
                workers: 1, inference: 0, coordinator: "preparation_memory_bytes: \(256 << 20)"
            ) { cluster in
                let coordinator = try await cluster.processID(of: "coordinator")
                // An index of more than 8 bytes a window.
                let file = try Self.write(cluster, bytes: 40_000_000, positions: 4)
                let result = try await Command.run(
                    Command.martlet, ["train", file],
                    environment: ["MARTLET_CLUSTER": cluster.file.path, "HOME": cluster.folder.path])
                #expect(result.status == 1)
                let job = try await cluster.lastJob()
                #expect(job.state == .failed)
                for word in ["2 times", "data.text.stride is 1", "coordinator.preparation_memory_bytes"] {
                    #expect(job.detail.contains(word), "\(job.detail)")
                }
                #expect(try await cluster.processID(of: "coordinator") == coordinator)
                let left = try FileManager.default.contentsOfDirectory(
                    atPath: cluster.data.appending(path: "nodes/coordinator/store/preparation").path)
                #expect(left == [])
                // And the next job is prepared within the same bound.
                try await cluster.expect("train", Digits.job, "--workers", "1", "--set", "train.epochs=1")
            }
        }

        /// What is found in the data while it is prepared is said to whoever waits for the job, not only in a log.
        @Test func rowsThatAreInTwoPartsAreToldToWhoeverTrains() async throws {
            try await LocalCluster.run(workers: 1, inference: 0) { cluster in
                let rows = (0..<40).map { "\($0 % 4),\($0 % 2 == 0 ? "even" : "odd")\n" }.joined()
                try ("number,label\n" + rows).write(
                    to: cluster.folder.appending(path: "rows.csv"), atomically: true, encoding: .utf8)
                let file = cluster.folder.appending(path: "leak.yaml")
                try """
                name: leak
                model: { family: mlp, input: 1, hidden: [4], classes: 2 }
                data: { path: rows.csv, target: label, split: { train: 0.5, validation: 0.25, test: 0.25 } }
                train: { optimizer: { name: sgd, learning_rate: 0.1 }, batch_size: 16, epochs: 2, workers: 1 }
                """.write(to: file, atomically: true, encoding: .utf8)
                let result = try await Command.run(
                    Command.martlet, ["train", file.path],
                    environment: ["MARTLET_CLUSTER": cluster.file.path, "HOME": cluster.folder.path])
                #expect(result.status == 0, "\(result.errors)")
                let warning = result.errors.split(separator: "\n").first { $0.contains("in the training part too") }
                let line = try #require(warning, "\(result.errors)")
                #expect(line.hasPrefix("warning: data: 20 rows of the validation and test parts are"), "\(line)")
                #expect(result.errors.components(separatedBy: "in the training part too").count == 2, "once")
            }
        }

        @Test func aCoordinatorKilledInMidPreparationGoesOn() async throws {
            try await LocalCluster.run(workers: 1, inference: 0) { cluster in
                let file = try Self.write(cluster, bytes: 4_000_000, positions: 16)
                try await cluster.expect("train", file, "--detach")
                try await cluster.wait(for: "the preparation runs") { !Self.preparations(cluster).isEmpty }
                let child = try #require(Self.preparations(cluster).first)
                // It must not come to its end before the coordinator does.
                #expect(Foundation.kill(child, SIGSTOP) == 0)
                try await cluster.kill("coordinator")
                try await cluster.wait(for: "the preparation has ended") { Foundation.kill(child, 0) != 0 }
                try await cluster.expect("cluster", "up")
                try await cluster.wait(for: "the job is prepared", timeout: .seconds(60)) {
                    try await cluster.lastJob().state != .preparing
                }
                let job = try await cluster.lastJob()
                #expect([.waiting, .running].contains(job.state), "\(job.detail)")
                try await cluster.expect("job", "cancel", job.id)
            }
        }
    }
}
