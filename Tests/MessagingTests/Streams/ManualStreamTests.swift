import Testing
import Wire

@testable import Messaging

/// Streams by the clock of the test, to the millisecond.
@Suite(.timeLimit(.minutes(10))) struct ManualStreamTests {
    private let network = InMemoryNetwork(delivery: .manual)
    private let server: InMemoryMessenger
    private let client: InMemoryMessenger
    private let link: any Link
    private let asked = Asked()

    init() throws {
        server = InMemoryMessenger(network: network, identity: "coordinator", role: .coordinator)
        client = InMemoryMessenger(network: network, identity: "worker-0", role: .worker)
        let asked = asked
        let listener = try server.bind("tcp://127.0.0.1:1", admitting: [.worker]) { asked.put($0, $1, $2) }
        link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
    }

    private func open(parts: Int = 8) throws -> MessageStream {
        try link.stream(
            Message(StreamScene.question), credit: StreamCredit(parts: parts, bytes: 10_000),
            firstPartTimeout: .seconds(60), betweenParts: .seconds(5))
    }

    @Test func aSlowReaderIsNoSlowPeer() async throws {
        let stream = try open()
        network.deliver()
        let writer = try await asked.nextWriter()
        network.advance(by: .seconds(59))
        #expect(try writer.trySend(0))
        #expect(try writer.trySend(1))
        network.deliver()
        // Both wait to be read, for as long as they like.
        network.advance(by: .seconds(3600))
        #expect(try await stream.next()?.number == 0)
        network.advance(by: .seconds(3600))
        #expect(try await stream.next()?.number == 1)
        // From here on the other side is waited for.
        network.advance(by: .milliseconds(4999))
        #expect(client.statistics.askedStreams.open == 1)
        network.advance(by: .milliseconds(1))
        await #expect(throws: MessagingError.timedOut(peer: "coordinator", after: .seconds(5))) {
            try await stream.next()
        }
        network.deliver()
        #expect(writer.isCancelled)
        #expect(throws: CancellationError.self) { try writer.trySend(2) }
        await client.shutdown()
        await server.shutdown()
    }

    @Test func theFirstPartHasItsOwnTime() async throws {
        let stream = try open()
        network.deliver()
        let writer = try await asked.nextWriter()
        network.advance(by: .milliseconds(59_999))
        #expect(client.statistics.askedStreams.open == 1)
        network.advance(by: .milliseconds(1))
        await #expect(throws: MessagingError.timedOut(peer: "coordinator", after: .seconds(60))) {
            try await stream.next()
        }
        network.deliver()
        #expect(writer.isCancelled)
        await client.shutdown()
        await server.shutdown()
    }

    @Test func aPartWaitsForCreditForSoLong() async throws {
        let stream = try open(parts: 1)
        network.deliver()
        let writer = try await asked.nextWriter()
        #expect(try writer.trySend(0))
        network.deliver()
        // A writer that does not try is no reader's fault.
        network.advance(by: .seconds(3600))
        #expect(try !writer.trySend(1))
        network.advance(by: .milliseconds(29_999))
        #expect(try !writer.trySend(1))
        network.advance(by: .milliseconds(1))
        #expect(throws: MessagingError.timedOut(peer: "worker-0", after: .seconds(30))) { try writer.trySend(1) }
        network.deliver()
        #expect(try await stream.next()?.number == 0)
        let failure = await #expect(throws: Failure.self) { try await stream.next() }
        #expect(failure?.code == .deadlineExceeded)
        await client.shutdown()
        await server.shutdown()
    }

    @Test func aConnectionThatBreaksEndsBothSides() async throws {
        let stream = try open()
        network.deliver()
        let writer = try await asked.nextWriter()
        #expect(try writer.trySend(0))
        network.deliver()
        network.disconnect("coordinator")
        #expect(writer.isCancelled)
        #expect(throws: CancellationError.self) { try writer.trySend(1) }
        network.reconnect("coordinator")
        #expect(try await stream.next()?.number == 0)
        await #expect(throws: MessagingError.notConnected(peer: "coordinator")) { try await stream.next() }
        #expect(network.deliver() == 0)
        await client.shutdown()
        await server.shutdown()
    }

    /// A cancellation and a part that cross: the other side hears of it once.
    @Test func aCancellationIsToldOnce() async throws {
        let stream = try open()
        network.deliver()
        let writer = try await asked.nextWriter()
        #expect(try writer.trySend(0))
        stream.cancel()
        stream.cancel()
        #expect(network.inTransit == 2)
        network.deliver()
        #expect(network.inTransit == 0)
        #expect(writer.isCancelled)
        #expect(server.statistics.messagesReceived == 2)
        await client.shutdown()
        await server.shutdown()
    }

    /// Credit comes back by halves of the window, so a fast reader costs few messages.
    @Test func grantsAreFew() async throws {
        let stream = try open(parts: 10)
        network.deliver()
        let writer = try await asked.nextWriter()
        for number in 0..<100 {
            #expect(try writer.trySend(number))
            network.deliver()
            #expect(try await stream.next()?.number == number)
            network.deliver()
        }
        // The request and a grant for each five parts.
        #expect(client.statistics.messagesSent == 1 + 20)
        writer.finish()
        network.deliver()
        #expect(try await stream.next() == nil)
        await client.shutdown()
        await server.shutdown()
    }
}
