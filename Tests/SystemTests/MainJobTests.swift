import JobProtocol
import ControlPlane
import Foundation
import Testing
import Wire

extension SystemTests {
    /// The way of a model from a job file to an answer.
    @Suite(.serialized) struct MainJobTests {
        @Test func trainPromoteAndAsk() async throws {
            try await LocalCluster.run { cluster in
                let again = try await cluster.expect("cluster", "up")
                #expect(again.output.contains("already up"))

                let train = try await cluster.expect("train", Digits.job)
                #expect(train.output.contains("accuracy"))
                let job = try await cluster.lastJob()
                #expect(job.state == .finished)
                #expect(job.version == 1)
                #expect(try #require(job.metrics["accuracy"]) >= 0.97)

                try await cluster.expect("promote", "digits:1")
                let rows = try Digits.rows(50)
                var right = 0
                for (pixels, label) in rows.prefix(10) {
                    let answer = try await cluster.infer("digits", Digits.request(pixels))
                    #expect(answer.status == 200, "\(answer.body)")
                    #expect(answer.headers["martlet-model-version"] == "1")
                    #expect(answer.headers["martlet-checkpoint"]?.count == 64)
                    #expect(answer.headers["x-request-id"] != nil)
                    if answer.body.contains("\"\(label)\"") { right += 1 }
                }
                #expect(right >= 9)

                try await askAboutAWholeFile(cluster)

                let status = try await cluster.status()
                #expect(status.nodes.count(where: { $0.state == .alive }) == status.nodes.count)
                #expect(Set(status.nodes.map(\.role.rawValue)).count >= 3)
                let served = try #require(status.models.first)
                #expect(served.name == "digits" && served.version == 1 && served.replicasReady == 2)
                #expect(try await cluster.http("GET", "/metrics").body.contains("# TYPE"))
            }
        }

        /// More rows than a node queues, by an alias: answers in the order of the file.
        private func askAboutAWholeFile(_ cluster: LocalCluster) async throws {
            struct Answer: Decodable {
                struct Output: Decodable {
                    var name: String
                    var shape: [Int]
                }
                var outputs: [Output]
            }
            let file = Command.repository.appending(path: "examples/data/digits.csv").path
            let json = try await cluster.expect("predict", "digits@production", "--input", file, "--json")
            let answer: Answer = try json.decoded()
            let rows = try Digits.rows(.max)
            #expect(rows.count > 1024 && answer.outputs.allSatisfy { $0.shape.first == rows.count })
            let lines = try await cluster.expect("predict", "digits", "--input", file, "--drop", "label").output
                .split(separator: "\n").dropFirst(2)
            let right = zip(lines, rows).count { line, row in
                line.split(separator: " ").last.map(String.init) == "\(row.label)"
            }
            #expect(lines.count == rows.count && Double(right) >= 0.97 * Double(rows.count))
            let stranger = try await cluster.martlet("predict", "digits@nobody", "--input", file)
            #expect(stranger.status == 1 && stranger.errors.contains("has no version or alias 'nobody'"))
        }

        /// Nothing is left when a cluster is down: no process, no shared memory.
        @Test func downLeavesNothingBehind() async throws {
            let shared = try FileManager.default.contentsOfDirectory(atPath: "/dev/shm")
            var processes: [Int32] = []
            try await LocalCluster.run { cluster in
                processes = try await cluster.status().nodes.map { Int32($0.processID) }
                #expect(processes.allSatisfy(Self.isMartlet))
            }
            #expect(processes.count == 6)
            #expect(!processes.contains(where: Self.isMartlet))
            #expect(try FileManager.default.contentsOfDirectory(atPath: "/dev/shm") == shared)
        }

        /// A process that has ended has no command line, also while its parent has not asked for its status yet.
        private static func isMartlet(_ process: Int32) -> Bool {
            let line = try? Data(contentsOf: URL(filePath: "/proc/\(process)/cmdline"))
            return line.map { String(decoding: $0, as: UTF8.self).contains("martlet") } ?? false
        }

        @Test func onePortIsNotGivenToTwoClusters() async throws {
            try await LocalCluster.run(workers: 1, inference: 1) { cluster in
                let port = try #require(try cluster.gateway().split(separator: ":").last)
                let other = cluster.folder.appending(path: "other.yaml")
                try """
                name: other
                data: other-data
                coordinator: { port: 0 }
                gateway: { port: \(port) }
                """.write(to: other, atomically: true, encoding: .utf8)
                let result = try await cluster.martlet("cluster", "up", "-f", other.path)
                #expect(result.status != 0)
                #expect(result.errors.contains(port))
                try await cluster.expect("cluster", "down", "-f", other.path)
            }
        }
    }
}
