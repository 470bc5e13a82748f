import Foundation
import Messaging
import Testing
import Training
import Wire
import WireFuzzing

@testable import ClusterProtocol
@testable import JobProtocol
@testable import Nodes

/// Documents as no one sends them by mistake: nothing that a peer says ends a process.
@Suite struct DocumentFuzzTests {
    @Test func everyKindOfDocumentHasASample() {
        let kinds = Set(DocumentSamples.all.map(\.kind))
        #expect(kinds == Set(MessageKind.allCases.map(\.rawValue) + [NodeReport.kind]))
    }

    @Test func spoiltDocumentsAreReadOrRefused() throws {
        var mutator = JSONMutator(seed: 1)
        for sample in DocumentSamples.all {
            let value = try JSONValue(parsing: sample.document.json)
            var (used, refused) = (0, 0)
            for _ in 0..<400 {
                let spoilt = Document(kind: sample.kind, json: try mutator.mutate(value).bytes)
                do {
                    try sample.decode(spoilt)
                    used += 1
                } catch let failure as Failure {
                    #expect(failure.code == .invalidArgument && !failure.message.isEmpty)
                    refused += 1
                }
            }
            #expect(refused > 0 || sample.document.json == Array("{}".utf8), "\(sample.kind): \(used) used")
        }
    }

    /// The whole coordinator, with a job and a launch that run, while one document after the other comes in.
    @Test(arguments: [UInt64(1), 2])
    func theCoordinatorOutlivesSpoiltDocuments(seed: UInt64) async throws {
        for (place, sample) in (DocumentSamples.reports + DocumentSamples.calls).enumerated() {
            let cluster = try TestCluster()
            let workers = try ["worker-0", "worker-1"].map { try TestNode($0, .worker, in: cluster) }
            try await cluster.withCoordinator { client in
                try await withNodes(workers) {
                    // Of workers that are free the first by name is taken.
                    try await eventually("both are free") {
                        let nodes = try await client.status().nodes
                        return nodes.filter { $0.role == .worker }.map(\.activity) == ["idle", "idle"]
                    }
                    _ = try await client.submit(specification: cluster.job(workers: 1), source: "name: digits")
                    _ = try await workers[0].assignment(generation: 1)
                    let launch = try await client.launch(.example, name: "x", workers: 1)
                    #expect(launch.id == "x-2")
                    var mutator = JSONMutator(seed: seed &* 1000 &+ UInt64(place))
                    let value = try JSONValue(parsing: sample.document.json)
                    let name = sample.sender == .operator ? "operator" : "\(sample.sender.rawValue)-0"
                    let messenger = InMemoryMessenger(network: cluster.network, identity: name, role: sample.sender)
                    let link = try messenger.connect(to: TestCluster.endpoint, remote: "coordinator") { _ in }
                    for _ in 0..<3 {
                        for _ in 0..<30 {
                            try link.send(
                                Message(Document(kind: sample.kind, json: try mutator.mutate(value).bytes)))
                        }
                        // Answered in its turn, behind the others.
                        await #expect(throws: Failure.self) {
                            try await link.request(
                                Message(Document(kind: "nonsense", ShowStatus())), timeout: .seconds(600))
                        }
                    }
                    #expect(try await client.status().nodes.count == 3)
                }
            }
        }
    }

    /// Workers check what they are ordered; what they take they can at least begin.
    @Test func aWorkerOutlivesSpoiltOrders() async throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            at: folder.url.appending(path: "worker-0"), withIntermediateDirectories: true)
        let network = InMemoryNetwork()
        let coordinator = FakeCoordinator()
        let listener = try coordinator.listen(in: network)
        let configuration = NodeConfiguration(
            name: "worker-0", role: .worker, cluster: "fake", data: folder.url.appending(path: "worker-0"),
            keys: folder.url, endpointFile: nil, coordinator: listener.endpoint, listen: "inproc://worker-0")
        let worker = try WorkerNode(
            configuration, messenger: InMemoryMessenger(network: network, identity: "worker-0", role: .worker),
            logger: .silent)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await worker.run() }
            try await eventually("the worker joins") { coordinator.peer != nil }
            let peer = try #require(coordinator.peer)
            var mutator = JSONMutator(seed: 5)
            for sample in DocumentSamples.orders where sample.receiver == .worker {
                let value = try JSONValue(parsing: sample.document.json)
                for _ in 0..<60 {
                    let message = Message(
                        .document(Document(kind: sample.kind, json: try mutator.mutate(value).bytes)))
                    do {
                        _ = try await listener.request(message, to: peer, timeout: .seconds(30))
                    } catch is Failure {
                        continue
                    }
                }
            }
            tasks.cancelAll()
        }
    }
}
