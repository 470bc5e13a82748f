import Cluster
import Foundation
import Logging
import Messaging
import Testing
import Wire

extension SystemTests {
    /// The coordinator's state: lost, put back, bounded, and in force when a command says so.
    @Suite(.serialized) struct StateTests {
        /// What is left of a state that had gone into the log alone when the log is cut off.
        private func cutOffTheLog(of cluster: LocalCluster) throws {
            let folder = cluster.data.appending(path: "nodes/coordinator")
            for name in ["state.sqlite", "state.sqlite-wal", "state.sqlite-shm"] {
                let file = folder.appending(path: name)
                if FileManager.default.fileExists(atPath: file.path) { try Data().write(to: file) }
            }
        }

        @Test func aLostStateIsRefusedAndItsBackupPutBackWhileServingGoesOn() async throws {
            try await LocalCluster.run(workers: 1, inference: 1) { cluster in
                let job = try TinyJob(in: cluster)
                try await cluster.expect("train", job.file.path)
                try await cluster.expect("promote", "tiny:1")
                let backup = cluster.folder.appending(path: "backup").path
                let made = try await cluster.expect("cluster", "backup", backup)
                #expect(made.output.contains("versions  1"))
                let id = try await cluster.status().clusterID

                try await cluster.kill("coordinator")
                try cutOffTheLog(of: cluster)
                let refused = try await cluster.martlet("cluster", "up", "--timeout", "5")
                #expect(refused.status == 1)
                #expect(refused.errors.contains("martlet cluster restore"), "\(refused.errors)")
                #expect(try await cluster.infer("tiny", TinyJob.request).status == 200)

                try await cluster.expect("cluster", "restore", backup)
                try await cluster.expect("cluster", "up")
                #expect(try await cluster.status().clusterID == id)
                #expect(try await cluster.infer("tiny", TinyJob.request).status == 200)
                // The gateway has seen tables with numbers as high as these before.
                try await cluster.expect("train", job.file.path)
                try await cluster.expect("promote", "tiny:2")
                let answer = try await cluster.infer("tiny", TinyJob.request)
                #expect(answer.headers["martlet-model-version"] == "2")
            }
        }

        /// The coordinator's folder alone is older than what the gateway has seen.
        @Test func anOlderCopyOfTheStateIsServedAgain() async throws {
            try await LocalCluster.run(workers: 1, inference: 1) { cluster in
                let job = try TinyJob(in: cluster)
                try await cluster.expect("train", job.file.path)
                try await cluster.expect("promote", "tiny:1")
                let backup = cluster.folder.appending(path: "backup").path
                try await cluster.expect("cluster", "backup", backup)
                try await cluster.expect("train", job.file.path)
                for version in [2, 1, 2, 1, 2] { try await cluster.expect("promote", "tiny:\(version)") }
                try await cluster.expect("cluster", "down")
                try await cluster.expect("cluster", "restore", backup)
                try await cluster.expect("cluster", "up")
                try await cluster.expect("train", job.file.path)
                try await cluster.expect("promote", "tiny:2")
                let answer = try await cluster.infer("tiny", TinyJob.request)
                #expect(answer.status == 200 && answer.headers["martlet-model-version"] == "2")
            }
        }

        @Test func everyPromotionIsInForceWhenItReturns() async throws {
            try await LocalCluster.run(workers: 1, inference: 1) { cluster in
                let job = try TinyJob(in: cluster)
                for _ in 1...2 { try await cluster.expect("train", job.file.path) }
                var wrong: [String] = []
                try await cluster.withOperator { client in
                    for number in 0..<100 {
                        let version = number % 2 + 1
                        let promotion = try await client.promote("tiny", version: version, to: "production")
                        #expect(promotion.behind == nil)
                        let answer = try await cluster.infer("tiny", TinyJob.request)
                        let answered = answer.headers["martlet-model-version"] ?? "status \(answer.status)"
                        if answered != "\(version)" { wrong.append("\(number): \(answered)") }
                    }
                }
                #expect(wrong == [])
            }
        }

        /// `scripts/soak` in short.
        @Test func jobsAndPromotionsKeepDiskAndDescriptorsBounded() async throws {
            try await LocalCluster.run(workers: 1, inference: 1, cacheBytes: 4096, keepJobs: 4) { cluster in
                let job = try TinyJob(in: cluster)
                var descriptors: [[String: Int]] = []
                for number in 1...8 {
                    try await cluster.expect("train", job.file.path)
                    try await cluster.expect("promote", "tiny:\(number)")
                    if number > 2 { try await cluster.expect("model", "delete", "tiny:\(number - 2)") }
                    if number.isMultiple(of: 4) { descriptors.append(try await cluster.descriptors()) }
                }
                for node in ["worker-0", "inference-0"] {
                    try await cluster.wait(for: "the cache of \(node) is below its limit") {
                        try cluster.bytes(in: "nodes/\(node)/cache/objects") <= 4096
                    }
                }
                // Two versions of two contents each.
                try await cluster.wait(for: "only what is referred to is stored") {
                    try cluster.files(in: "nodes/coordinator/store/objects").count == 4
                }
                try await cluster.wait(for: "the newest jobs are kept") {
                    try await cluster.status().state?.size.finishedJobs == 4
                }
                let collected: OperatorCall.Collection = try await cluster.expect("gc", "--json").decoded()
                #expect(collected.contents == 0 && collected.after.databaseBytes < 1 << 20)
                for (node, count) in descriptors[1] {
                    let before = try #require(descriptors[0][node])
                    #expect(count <= before + 4, "\(node) has \(count) descriptors, \(before) four jobs before")
                }
                let status = try await cluster.status()
                #expect(status.nodes.first { $0.name == "inference-0" }?.cache?.limit == 4096)
            }
        }
    }
}

extension LocalCluster {
    /// Calls of an operator, over one link.
    func withOperator(_ body: (OperatorClient) async throws -> Void) async throws {
        let folder = ClusterFolder(root: data)
        let messenger = try ZeroMQMessenger(
            identity: NodeName.operator,
            keys: try KeyPair(contentsOf: ClusterFolder.key(of: NodeName.operator, in: folder.keys)),
            keyring: try Keyring(contentsOf: folder.keyring),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        do {
            let endpoint = try #require(folder.endpoint(of: NodeName.coordinator))
            let link = try messenger.connect(to: endpoint, remote: NodeName.coordinator) { _ in }
            try await body(OperatorClient(link: link))
            await messenger.shutdown()
        } catch {
            await messenger.shutdown()
            throw error
        }
    }

    /// Files in a folder of the data folder, however deep.
    func files(in folder: String) throws -> [URL] {
        let folder = data.appending(path: folder)
        return try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .map { folder.appending(path: $0) }
            .filter { try $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true }
    }

    func bytes(in folder: String) throws -> Int {
        try files(in: folder).reduce(0) { try $0 + ($1.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0) }
    }

    /// Open descriptors of each process, by node.
    func descriptors() async throws -> [String: Int] {
        let nodes = try await status().nodes
        return try Dictionary(
            uniqueKeysWithValues: nodes.map { node in
                let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(node.processID)/fd")
                return (node.name, open.count)
            })
    }
}
