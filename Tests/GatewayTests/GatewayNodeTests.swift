import ClusterProtocol
import Foundation
import Logging
import Messaging
import Synchronization
import Testing
import Wire

@testable import Gateway

@Suite(.timeLimit(.minutes(10))) struct GatewayNodeTests {
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

    /// Operators wait until it routes by a table, so it says so as soon as it does.
    @Test func saysByWhichTableItRoutes() async throws {
        let network = InMemoryNetwork()
        let (told, tell) = AsyncStream.makeStream(of: RoutingPosition.self)
        let desk = Mutex<(any Listener)?>(nil)
        let table = RoutingTable(epoch: 4, source: StateIdentity(cluster: "c", start: "s"), models: [])
        let coordinator = InMemoryMessenger(network: network, identity: "coordinator", role: .coordinator)
        let listener = try coordinator.bind("memory://coordinator", admitting: [.gateway]) { peer, message in
            func send(_ body: Envelope.Body) {
                try? desk.withLock { $0 }?.send(
                    Message(Envelope(body, correlationID: message.envelope.messageID)), to: peer)
            }
            switch message.envelope.body {
            case .join:
                send(.joined(Joined(clusterID: "c", heartbeatInterval: .seconds(60))))
                guard let document = try? Document(table) else { return }
                try? desk.withLock { $0 }?.send(Message(.document(document)), to: peer)
            case .document(let document) where document.kind == MessageKind.routed.rawValue:
                if let position: RoutingPosition = try? document.decode() { tell.yield(position) }
            default: break
            }
        }
        desk.withLock { $0 = listener }
        let node = try GatewayNode(
            configuration(.init(host: "127.0.0.1", port: 0, maxBodyBytes: 1024)),
            messenger: InMemoryMessenger(network: network, identity: "gateway-0", role: .gateway),
            logger: Logger(label: "gateway") { _ in SwiftLogNoOpLogHandler() }
        ) { _ in }
        let running = Task { try await node.run() }
        var iterator = told.makeAsyncIterator()
        #expect(await iterator.next() == table.position)
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
