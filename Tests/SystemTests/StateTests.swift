import ClusterProtocol
import JobProtocol
import LocalCluster
import Foundation
import Logging
import Messaging
import Testing
import Threads
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
                // Far beyond the number that the copy counts on from.
                try await cluster.withOperator { client in
                    for number in 0..<40 {
                        _ = try await client.promote("tiny", version: number % 2 + 1, to: "production")
                    }
                }
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
                        let answer = try await cluster.exchange(
                            "POST", "/v2/models/tiny/infer", body: TinyJob.request)
                        if !answer.contains("martlet-model-version: \(version)\r\n") {
                            wrong.append("\(number): \(answer)")
                        }
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
                    // Equal jobs end in equal bytes, which are stored once.
                    try await cluster.expect("train", job.file.path, "--set", "train.seed=\(number)")
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
                let collected: GarbageCollected = try await cluster.expect("gc", "--json").decoded()
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

    /// A request on a connection of its own and the whole answer, without the time that a program takes to start.
    func exchange(_ method: String, _ path: String, body: String) async throws -> String {
        let port = try #require(UInt16(try gateway().split(separator: ":").last ?? ""))
        let message =
            "\(method) \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        return try await NamedThread.run("exchange") {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            let connected = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            try #require(connected == 0)
            try #require(write(descriptor, message, message.utf8.count) == message.utf8.count)
            var answer: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while case let count = read(descriptor, &buffer, buffer.count), count > 0 {
                answer += buffer.prefix(count)
            }
            return String(decoding: answer, as: UTF8.self)
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
