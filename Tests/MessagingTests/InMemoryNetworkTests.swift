import Testing
import Wire

@testable import Messaging

/// What only the in-memory network can do.
@Suite(.timeLimit(.minutes(10))) struct InMemoryNetworkTests {
    private let network = InMemoryNetwork(delivery: .manual)
    private let endpoint = "tcp://127.0.0.1:1"

    private func messenger(_ name: String) -> InMemoryMessenger {
        InMemoryMessenger(network: network, identity: name, role: TestCluster.roles[name]!)
    }

    @Test func nothingMovesUntilTheTestSaysSo() async throws {
        let (server, client) = (messenger("coordinator"), messenger("worker-0"))
        let inbox = Inbox()
        _ = try server.bind(endpoint, admitting: [.worker]) { inbox.put($0, $1) }
        let link = try client.connect(to: endpoint, remote: "coordinator") { _ in }
        try link.send(Message(.acknowledgement))
        try link.send(Message(.acknowledgement))
        #expect(network.inTransit == 2)
        #expect(server.statistics.messagesReceived == 0)
        #expect(network.deliverNext())
        #expect(server.statistics.messagesReceived == 1)
        #expect(network.deliver() == 1)
        #expect(!network.deliverNext())
    }

    @Test func timeMovesWithTheTest() async throws {
        let client = messenger("worker-0")
        let link = try client.connect(to: endpoint, remote: "coordinator") { _ in }
        let task = Task { try await link.request(Message(.acknowledgement), timeout: .seconds(3600)) }
        await eventually("the request never waited") { client.pendingRequests == 1 }
        network.advance(by: .seconds(3599))
        #expect(client.pendingRequests == 1)
        network.advance(by: .seconds(1))
        await #expect(throws: MessagingError.timedOut(peer: "coordinator", after: .seconds(3600))) {
            try await task.value
        }
    }

    @Test func whatIsUnderWayIsLostWithItsConnection() async throws {
        let (server, client) = (messenger("coordinator"), messenger("worker-0"))
        let inbox = Inbox()
        _ = try server.bind(endpoint, admitting: [.worker]) { inbox.put($0, $1) }
        let link = try client.connect(to: endpoint, remote: "coordinator") { _ in }
        try link.send(Message(.acknowledgement))
        network.disconnect("coordinator")
        #expect(!link.isConnected)
        network.deliver()
        #expect(server.statistics.messagesReceived == 0)
        try link.send(Message(.heartbeatReply(HeartbeatReply(known: false))))
        network.reconnect("coordinator")
        #expect(link.isConnected)
        network.deliver()
        let item = try await inbox.next()
        #expect(item.message.envelope.body == .heartbeatReply(HeartbeatReply(known: false)))
    }

    @Test func filteredMessagesAreLost() throws {
        let (server, client) = (messenger("coordinator"), messenger("worker-0"))
        _ = try server.bind(endpoint, admitting: [.worker]) { _, _ in }
        let link = try client.connect(to: endpoint, remote: "coordinator") { _ in }
        network.lose { $0.sender == "worker-0" && $0.receiver == "coordinator" && $0.message.frames.isEmpty }
        try link.send(Message(.acknowledgement))
        try link.send(Message(.acknowledgement, frames: [Frame(copying: [1])]))
        #expect(network.deliver() == 1)
        network.lose { _ in false }
        try link.send(Message(.acknowledgement))
        #expect(network.deliver() == 1)
    }

    @Test func framesAreCopiedWhenSent() async throws {
        let (server, client) = (messenger("coordinator"), messenger("worker-0"))
        let inbox = Inbox()
        _ = try server.bind(endpoint, admitting: [.worker]) { inbox.put($0, $1) }
        let link = try client.connect(to: endpoint, remote: "coordinator") { _ in }
        let frame = Frame(copying: [1, 2])
        try link.send(Message(.acknowledgement, frames: [frame]))
        network.deliver()
        let received = try #require(try await inbox.next().message.frames.first)
        #expect(received !== frame)
        #expect(received.bytes == [1, 2])
    }
}
