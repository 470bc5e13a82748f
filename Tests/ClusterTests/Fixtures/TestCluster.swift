import Checkpoints
import Datasets
import Digests
import Foundation
import Logging
import Messaging
import ServiceLifecycle
import Testing
import Training
import Wire

@testable import ClusterProtocol
@testable import JobProtocol
@testable import Coordinator
@testable import Nodes

/// A whole coordinator on a folder and a network of a test's own, with nodes that do what the test says.
final class TestCluster: Sendable {
    static let endpoint = "inproc://coordinator"

    let folder: TemporaryFolder
    let network = InMemoryNetwork()
    let time = ManualTime()
    private let preparer: Preparer

    init() throws {
        folder = try TemporaryFolder()
        preparer = .ownProcess
    }

    /// In the same folder.
    init(like other: TestCluster, preparer: Preparer) {
        folder = other.folder
        self.preparer = preparer
    }

    var configuration: CoordinatorConfiguration {
        CoordinatorConfiguration(
            data: folder.url.appending(path: "coordinator"), listen: Self.endpoint,
            timing: MembershipTiming(heartbeat: .milliseconds(20)), stall: .seconds(3600), preparer: preparer)
    }

    /// Runs a coordinator while the body does, and stops it then. No one may have sent what cannot be used.
    func withCoordinator<Result: Sendable>(
        _ body: @Sendable (OperatorClient) async throws -> Result
    ) async throws -> Result {
        let ready = Inbox<String>(limit: 1)
        let coordinatorMessenger = InMemoryMessenger(network: network, identity: "coordinator", role: .coordinator)
        let coordinator = Coordinator(
            configuration, messenger: coordinatorMessenger,
            time: time.source,
            logger: .silent, ready: { ready.put($0) })
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [.init(service: coordinator)], logger: .silent))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { ready.close() }
                try await group.run()
            }
            guard await ready.next() != nil else {
                try await tasks.waitForAll()
                throw Failure(.internal, "the coordinator ended before it was ready")
            }
            let messenger = InMemoryMessenger(network: network, identity: "operator", role: .operator)
            let link = try messenger.connect(to: Self.endpoint, remote: "coordinator", handler: { _ in })
            defer { link.close() }
            let result = try await body(OperatorClient(link: link, timeout: .seconds(30)))
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            expectNoSpoiltMessages(coordinatorMessenger)
            expectNoSpoiltMessages(messenger)
            return result
        }
    }

    /// A data file that three classes can be learned from, and a job for it.
    func job(workers: Int = 2, batchSize: Int = 8) throws -> JobSpecification {
        let file = folder.url.appending(path: "data.csv")
        let rows = (0..<60).map { "\($0 % 7),\($0 % 5),\(["a", "b", "c"][$0 % 3])" }
        try (["x,y,label"] + rows).joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
        var job = JobSpecification.example(workers: workers, path: file.path)
        job.train.batchSize = batchSize
        return job
    }

    /// Of a node that does nothing by itself.
    func cache() throws -> NodeCache {
        try NodeCache(in: folder.url.appending(path: "node-\(UUID().uuidString)"), limit: .max, logger: .silent)
    }

    /// What the coordinator has.
    var contents: ContentStore { ContentStore(openedElsewhere: configuration.storeFolder) }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

/// Messages that no one could use are a mistake of whoever sent them. What came too late, or for someone who has left, is
/// none.
func expectNoSpoiltMessages(
    _ messenger: InMemoryMessenger, sourceLocation: SourceLocation = #_sourceLocation
) {
    let spoilt = messenger.statistics.dropped.filter { $0.key != .lateAnswer && $0.key != .unreachable }
    #expect(spoilt.isEmpty, sourceLocation: sourceLocation)
}

/// Waits until something holds; fails the test where it does not within two minutes.
func eventually(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: @Sendable () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(120)
    while try await !condition() {
        if ContinuousClock.now > deadline {
            Issue.record("not within two minutes: \(what)", sourceLocation: sourceLocation)
            throw CancellationError()
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}
