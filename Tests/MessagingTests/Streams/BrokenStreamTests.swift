import Testing
import Wire

@testable import Messaging

/// Peers that do not keep to what was agreed on.
@Suite(.timeLimit(.minutes(10))) struct BrokenStreamTests {
    /// A coordinator that sends what the test tells it to in answer to a stream.
    private struct Scene {
        let server: any CountingMessenger
        let client: any CountingMessenger
        let listener: any Listener
        let link: any Link
        let stream: MessageStream
        let inbox: Inbox
        let peer: Peer
        let messageID: UInt64

        init(_ kit: any MessengerKit) async throws {
            server = try kit.messenger("coordinator")
            client = try kit.messenger("worker-0")
            let inbox = Inbox()
            self.inbox = inbox
            listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { inbox.put($0, $1) }
            link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
            stream = try link.stream(
                Message(StreamScene.question), credit: StreamCredit(parts: 2, bytes: 1000),
                firstPartTimeout: .seconds(3600), betweenParts: .seconds(3600))
            let item = try await inbox.next()
            peer = try #require(item.peer)
            messageID = item.message.envelope.messageID
        }

        func send(_ sequence: UInt32, frames: [Frame] = [], isLast: Bool = false) throws {
            let envelope = Envelope(
                .document(Document(kind: "\(sequence)", json: [])), correlationID: messageID,
                position: StreamPosition(sequence: sequence, isLast: isLast))
            try listener.send(Message(envelope, frames: frames), to: peer)
        }

        /// The stream breaks, and the other side is told once.
        func expectBreak(after read: Int = 0) async throws {
            for _ in 0..<read { _ = try await stream.next() }
            let error = await #expect(throws: MessagingError.self) { try await stream.next() }
            guard case .brokenStream("coordinator", _) = error else {
                Issue.record("expected a broken stream, got \(String(describing: error))")
                return
            }
            #expect(try await stream.next() == nil)
            #expect(
                try await inbox.next().message.envelope.body == .cancellation(Cancellation(messageID: messageID)))
            #expect(client.statistics.askedStreams.broken == 1)
            #expect(client.statistics.askedStreams.open == 0)
            // Late parts do nothing, and neither does the stream any more.
            try send(9)
            stream.cancel()
            try link.send(Message(.probe))
            #expect(try await inbox.next().message.envelope.body == .probe)
            await client.shutdown()
            await server.shutdown()
        }
    }

    @Test(arguments: Kit.allCases) func gaps(kit: Kit) async throws {
        let scene = try await Scene(kit.make())
        try scene.send(2)
        try await scene.expectBreak()
    }

    @Test(arguments: Kit.allCases) func doubles(kit: Kit) async throws {
        let scene = try await Scene(kit.make())
        try scene.send(1)
        try scene.send(1)
        try await scene.expectBreak(after: 1)
    }

    @Test(arguments: Kit.allCases) func partsWithoutCredit(kit: Kit) async throws {
        let scene = try await Scene(kit.make())
        for sequence in 1...3 as ClosedRange<UInt32> { try scene.send(sequence) }
        await eventually("the stream never broke") { scene.client.statistics.askedStreams.broken == 1 }
        #expect(scene.stream.held.parts == 2)
        try await scene.expectBreak(after: 2)
    }

    @Test(arguments: Kit.allCases) func bytesWithoutCredit(kit: Kit) async throws {
        let scene = try await Scene(kit.make())
        try scene.send(1, frames: [Frame(copying: [UInt8](repeating: 0, count: 1001))])
        try await scene.expectBreak()
    }

    @Test(arguments: Kit.allCases) func aWholeAnswerAfterParts(kit: Kit) async throws {
        let scene = try await Scene(kit.make())
        try scene.send(1)
        try scene.listener.send(
            Message(Envelope(.acknowledgement, correlationID: scene.messageID)), to: scene.peer)
        try await scene.expectBreak(after: 1)
    }

    /// A part in answer to a request that wants the whole.
    @Test(arguments: Kit.allCases) func partsThatNobodyAskedFor(kit: Kit) async throws {
        let scene = try await Scene(kit.make())
        let answer = Task { try await scene.link.request(Message(.probe), timeout: .seconds(3600)) }
        let request = try await scene.inbox.next()
        let part = Envelope(
            .acknowledgement, correlationID: request.message.envelope.messageID,
            position: StreamPosition(sequence: 1, isLast: false))
        try scene.listener.send(Message(part), to: scene.peer)
        let failure = await #expect(throws: Failure.self) { try await answer.value }
        #expect(failure?.code == .dataCorrupted)
        await scene.client.shutdown()
        await scene.server.shutdown()
    }

    /// Grants that nothing was used for end the stream; those for what is not there do nothing.
    @Test(arguments: Kit.allCases) func creditThatWasNotUsed(kit: Kit) async throws {
        let scene = try StreamScene(kit.make())
        let stream = try scene.open(parts: 2)
        let item = try await scene.asked.next()
        let writer = try #require(item.responder.open())
        func grant(_ messageID: UInt64, _ parts: Int, _ bytes: Int) throws {
            let credit = StreamCredit(parts: parts, bytes: bytes)
            try scene.link.send(Message(.creditGrant(CreditGrant(messageID: messageID, credit: credit))))
        }
        let messageID = item.message.envelope.messageID
        try grant(messageID + 1000, 1, 1)
        try grant(messageID, 0, 0)
        try await writer.send(0)
        #expect(try await stream.next()?.number == 0)
        try grant(messageID, WireLimits.creditParts, WireLimits.creditBytes)
        let failure = await #expect(throws: Failure.self) { try await stream.next() }
        #expect(failure?.code == .invalidArgument)
        #expect(writer.isCancelled)
        #expect(throws: MessagingError.self) { try writer.trySend(1) }
        #expect(scene.server.statistics.answeredStreams.broken == 1)
        await scene.close()
    }

    /// An asker that is gone without a word is found out although nothing is sent to it.
    @Test func anAskerThatVanishes() async throws {
        let kit = ZeroMQKit()
        var limits = MessagingLimits()
        limits.creditTimeout = .milliseconds(80)
        let server = try kit.messenger("coordinator", limits: limits)
        let asked = Asked()
        let listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { asked.put($0, $1, $2) }
        var peer: RawPeer? = RawPeer(
            keys: kit.cluster.keys["worker-0"]!, server: kit.cluster.keys["coordinator"]!.publicKey)
        peer?.connect(to: listener.endpoint)
        await peer?.waitForHandshake()
        let request = Envelope(StreamScene.question, messageID: 5, credit: StreamCredit(parts: 1, bytes: 1000))
        peer?.send([try request.encode()])
        let writer = try await asked.nextWriter()
        #expect(!writer.isCancelled)
        peer = nil
        await eventually("the writer never heard") { writer.isCancelled }
        await eventually("the stream is still open") { server.statistics.answeredStreams.open == 0 }
        await server.shutdown()
    }

    /// Whoever begins to count anew has forgotten what it asked.
    @Test func aNumberThatIsUsedAgain() async throws {
        let kit = ZeroMQKit()
        let server = try kit.messenger("coordinator")
        let asked = Asked()
        let listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { asked.put($0, $1, $2) }
        let peer = RawPeer(keys: kit.cluster.keys["worker-0"]!, server: kit.cluster.keys["coordinator"]!.publicKey)
        peer.connect(to: listener.endpoint)
        await peer.waitForHandshake()
        let request = Envelope(StreamScene.question, messageID: 5, credit: StreamCredit(parts: 1, bytes: 1000))
        for _ in 0..<2 { peer.send([try request.encode()]) }
        let (first, second) = (try await asked.nextWriter(), try await asked.nextWriter())
        #expect(first.isCancelled)
        #expect(!second.isCancelled)
        #expect(server.statistics.answeredStreams.open == 1)
        withExtendedLifetime((peer, second)) {}
        await server.shutdown()
    }
}
