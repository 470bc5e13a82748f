import Cluster
import Foundation
import Logging
import Messaging
import Synchronization
import Testing
import Wire

@testable import Gateway

@Suite(.timeLimit(.minutes(1))) struct GatewayNodeTests {
    private func configuration(_ gateway: NodeConfiguration.Gateway?) -> NodeConfiguration {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString)")
        return NodeConfiguration(
            name: "gateway-0", role: .gateway, cluster: "test", data: folder, keys: folder, endpointFile: nil,
            coordinator: "memory://coordinator", listen: nil, gateway: gateway)
    }

    /// The port is known only once it listens, and the coordinator hears of that one.
    @Test func joinsWithTheAddressThatItListensOn() async throws {
        let network = InMemoryNetwork()
        let (joins, join) = AsyncStream.makeStream(of: Join.self)
        let coordinator = InMemoryMessenger(network: network, identity: "coordinator", role: .coordinator)
        _ = try coordinator.bind("memory://coordinator", admitting: [.gateway]) { _, message in
            if case .join(let body) = message.envelope.body { join.yield(body) }
        }
        let announced = Mutex("")
        let node = try GatewayNode(
            configuration(.init(host: "127.0.0.1", port: 0, maxBodyBytes: 1024)),
            messenger: InMemoryMessenger(network: network, identity: "gateway-0", role: .gateway),
            logger: Logger(label: "gateway") { _ in SwiftLogNoOpLogHandler() }
        ) { address in announced.withLock { $0 = address } }
        let running = Task { try await node.run() }
        var iterator = joins.makeAsyncIterator()
        let endpoint = await iterator.next()?.endpoint
        #expect(endpoint == announced.withLock { $0 })
        #expect(endpoint.flatMap { URL(string: $0) }?.port ?? 0 > 0)
        running.cancel()
        _ = await running.result
    }

    @Test func needsItsSection() {
        #expect(throws: Failure.self) {
            try GatewayNode(
                configuration(nil),
                messenger: InMemoryMessenger(network: InMemoryNetwork(), identity: "gateway-0", role: .gateway),
                logger: Logger(label: "gateway")
            ) { _ in }
        }
    }
}
