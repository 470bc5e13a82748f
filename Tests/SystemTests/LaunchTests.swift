import JobProtocol
import ClusterProtocol
import LocalCluster
import Foundation
import Testing

extension SystemTests {
    /// The example of the Swift API, alone and over the cluster.
    @Suite(.serialized) struct LaunchTests {
        static let program = Command.martlet.deletingLastPathComponent().appending(path: "custom-model")
        static let data = Command.repository.appending(path: "examples/data/breast-cancer.csv").path
        static let allowed = "launch: { allow: [\(program.deletingLastPathComponent().path)] }"

        /// A launch that runs until it is ended.
        private static func launchForGood(on cluster: LocalCluster, workers: Int) -> Task<CommandResult, any Error> {
            Task {
                try await cluster.martlet(
                    "launch", "--workers", "\(workers)", "--", program.path, "--data", data, "--epochs", "10000000")
            }
        }

        private static func ranks(on cluster: LocalCluster, count: Int) async throws -> [RankProcess] {
            var workers: [Int32] = []
            for index in 0..<count { workers.append(try await cluster.processID(of: "worker-\(index)")) }
            var ranks: [RankProcess] = []
            try await cluster.wait(for: "the ranks") {
                ranks = try RankProcess.children(of: workers)
                return ranks.count == count
            }
            return ranks
        }

        private static func launches(on cluster: LocalCluster) async throws -> [LaunchStatus] {
            try await cluster.status().launches
        }

        @Test func anyNumberOfRanksLearnsTheSame() async throws {
            try await LocalCluster.run(workers: 2, inference: 0, settings: Self.allowed) { cluster in
                let files = ["alone", "one", "two"].map { cluster.folder.appending(path: $0) }
                let arguments = ["--data", Self.data, "--epochs", "5", "--output"]
                let alone = try await Command.run(Self.program, arguments + [files[0].path])
                #expect(alone.status == 0, "\(alone.errors)")
                for (workers, file) in zip(1...2, files.dropFirst()) {
                    let result = try await Command.run(
                        Command.martlet,
                        ["launch", "--workers", "\(workers)", "--", Self.program.path] + arguments + [file.path],
                        environment: ["MARTLET_CLUSTER": cluster.file.path, "HOME": cluster.folder.path])
                    try #require(result.status == 0, "\(result.errors)\(result.output)")
                    for rank in 0..<workers {
                        #expect(result.output.contains("[rank \(rank)] rank \(rank) of \(workers), "))
                    }
                    #expect(result.output.contains("[rank 0] accuracy: "))
                    #expect(result.errors.contains("ended well"))
                }
                let models = try files.map { try Data(contentsOf: $0) }
                #expect(models[0].count > 10_000)
                #expect(models.allSatisfy { $0 == models[0] })

                let launches = try await Self.launches(on: cluster)
                #expect(launches.map(\.state) == [.finished, .finished])
                let log = cluster.data.appending(path: "nodes/worker-1/launches/\(launches[1].id)-rank-1.log")
                #expect(try String(contentsOf: log, encoding: .utf8).contains("rank 1 of 2"))
                #expect(try await cluster.expect("jobs").output.contains("all 2 ranks ended well"))
            }
        }

        @Test func aKilledRankEndsTheLaunchAndNoProcessStays() async throws {
            try await LocalCluster.run(workers: 2, inference: 0, settings: Self.allowed) { cluster in
                let launch = Self.launchForGood(on: cluster, workers: 2)
                let ranks = try await Self.ranks(on: cluster, count: 2)
                try await Self.expectNoSecrets(in: ranks, of: cluster)
                #expect(ranks[1].kill())
                let result = try await launch.value
                #expect(result.status == 1)
                #expect(
                    result.errors.contains("rank 1 (worker-1) was ended by signal 9 (SIGKILL)"), "\(result.errors)")
                try await cluster.wait(for: "no process is left") { ranks.allSatisfy { !$0.isRunning } }
                #expect(try await Self.launches(on: cluster).map(\.state) == [.failed])
                // The workers take the next one.
                try await cluster.expect(
                    "launch", "--workers", "2", "--", Self.program.path, "--data", Self.data, "--epochs", "1")
            }
        }

        /// Neither the cluster's keys nor any other secret is where every process of the user can read it.
        private static func expectNoSecrets(in ranks: [RankProcess], of cluster: LocalCluster) async throws {
            let launch = try #require(try await launches(on: cluster).first)
            let folder = cluster.data.appending(path: "keys")
            let keys = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
                .filter { $0.pathExtension == "key" }
                .flatMap { try String(contentsOf: $0, encoding: .utf8).split(whereSeparator: \.isWhitespace) }
                .filter { $0.count == 40 }
            #expect(keys.count >= 4)
            for process in ranks {
                #expect(
                    process.arguments == [
                        program.resolvingSymlinksInPath().path, "--data", data, "--epochs", "10000000",
                    ])
                #expect(
                    process.environment.filter { $0.key.hasPrefix("MARTLET_") && $0.key != "MARTLET_CLUSTER" } == [
                        "MARTLET_LAUNCH": launch.id, "MARTLET_RANK": "\(process.rank)", "MARTLET_WORLD_SIZE": "2",
                        "MARTLET_HOST": "127.0.0.1", "MARTLET_CHANNEL": "3",
                    ])
                let visible = process.arguments + process.environment.map { "\($0.key)=\($0.value)" }
                for key in keys { #expect(!visible.contains { $0.contains(key) }) }
            }
        }

        @Test func aKilledWorkerTakesItsRankAlong() async throws {
            try await LocalCluster.run(workers: 2, inference: 0, settings: Self.allowed) { cluster in
                let launch = Self.launchForGood(on: cluster, workers: 2)
                let ranks = try await Self.ranks(on: cluster, count: 2)
                try await cluster.kill("worker-1")
                let result = try await launch.value
                #expect(result.status == 1)
                #expect(result.errors.contains("failed: rank "), "\(result.errors)")
                try await cluster.wait(for: "no process is left") { ranks.allSatisfy { !$0.isRunning } }
            }
        }

        /// What a shell that only wraps the program has started is not the worker's child.
        @Test func aKilledWorkerTakesAlongWhatItsRankStarted() async throws {
            try await LocalCluster.run(workers: 1, inference: 0, settings: "launch: { allow: [.] }") { cluster in
                let wrapper = cluster.folder.appending(path: "wrapper")
                let started = cluster.folder.appending(path: "started")
                try
                    "#!/bin/sh\nsleep 1000 &\necho $! > '\(started.path).part'\nmv '\(started.path).part' '\(started.path)'\nwait\n"
                    .write(to: wrapper, atomically: true, encoding: .utf8)
                try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: wrapper.path)
                let launch = Task { try await cluster.martlet("launch", "--workers", "1", "--", wrapper.path) }
                try await cluster.wait(for: "the program") { FileManager.default.fileExists(atPath: started.path) }
                let text = try String(contentsOf: started, encoding: .utf8).trimmingCharacters(in: .newlines)
                let id = try #require(Int32(text))
                let program = try #require(ProcessRecord(of: id))
                #expect(program.isAlive)
                try await cluster.kill("worker-0")
                try await cluster.wait(for: "the program is gone") { !program.isAlive }
                #expect(try await launch.value.status == 1)
            }
        }

        @Test func canBeCancelled() async throws {
            try await LocalCluster.run(workers: 1, inference: 0, settings: Self.allowed) { cluster in
                let launch = Self.launchForGood(on: cluster, workers: 1)
                let ranks = try await Self.ranks(on: cluster, count: 1)
                let id = try #require(try await Self.launches(on: cluster).first).id
                try await cluster.expect("job", "cancel", id)
                let result = try await launch.value
                #expect(result.status == 1)
                #expect(result.errors.contains("was cancelled"), "\(result.errors)")
                try await cluster.wait(for: "no process is left") { ranks.allSatisfy { !$0.isRunning } }
            }
        }

        @Test func nothingIsLaunchedUnlessTheClusterFileAllowsIt() async throws {
            try await LocalCluster.run(workers: 1, inference: 0) { cluster in
                // Not once there are so many workers.
                let result = try await cluster.martlet("launch", "--workers", "2", "--", Self.program.path)
                #expect(result.status == 1)
                #expect(result.errors.contains("may not start"), "\(result.errors)")
                #expect(result.errors.contains("launch: { allow: [FOLDER] }"), "\(result.errors)")
            }
        }
    }
}
