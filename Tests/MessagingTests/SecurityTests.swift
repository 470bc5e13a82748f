import Testing
import Wire
import WireFuzzing

@testable import Messaging

/// What a peer without a right gets: nothing.
@Suite(.timeLimit(.minutes(10))) struct SecurityTests {
    private let kit = ZeroMQKit()
    private let inbox = Inbox()
    private let acknowledgement = Envelope(.acknowledgement, messageID: 1)

    private func listener(
        limits: MessagingLimits = MessagingLimits()
    ) throws -> (server: any CountingMessenger, endpoint: String) {
        let server = try kit.messenger("coordinator", limits: limits)
        let inbox = inbox
        let listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { inbox.put($0, $1) }
        return (server, listener.endpoint)
    }

    /// Sends a message from a peer with every right, and expects it to be the first that the handler saw.
    private func expectOnlyHonestMessages(at endpoint: String) async throws {
        let honest = try kit.messenger("worker-1")
        let mark = Envelope.Body.document(Document(kind: "mark", json: []))
        try honest.connect(to: endpoint, remote: "coordinator") { _ in }.send(Message(mark))
        let first = try await inbox.next()
        #expect(first.peer?.name == "worker-1")
        #expect(first.message.envelope.body == mark)
        await honest.shutdown()
    }

    @Test func plaintextPeersGetNothing() async throws {
        let (server, endpoint) = try listener()
        let peer = RawPeer()
        peer.connect(to: endpoint)
        peer.send([try acknowledgement.encode()])
        await peer.waitForRefusal()
        try await expectOnlyHonestMessages(at: endpoint)
        #expect(peer.receive() == nil)
        #expect(server.statistics.messagesReceived == 1)
        await server.shutdown()
    }

    @Test func foreignKeysGetNothingAndAreLogged() async throws {
        let (server, endpoint) = try listener()
        let foreign = KeyPair.generate()
        let peer = RawPeer(keys: foreign, server: kit.cluster.keys["coordinator"]!.publicKey)
        peer.connect(to: endpoint)
        peer.send([try acknowledgement.encode()])
        await peer.waitForRefusal()
        try await expectOnlyHonestMessages(at: endpoint)
        #expect(peer.receive() == nil)
        #expect(server.statistics.messagesReceived == 1)
        #expect(server.statistics.refusedPeers >= 1)
        #expect(kit.log.lines.contains { $0.contains(foreign.publicKey.fingerprint) && $0.contains("keyring") })
        await server.shutdown()
    }

    @Test func aRefusedPeerIsAdmittedOnceItMay() async throws {
        var limits = MessagingLimits()
        limits.reconnectInterval = .milliseconds(50)
        let client = try kit.messenger("gateway-0", limits: limits)
        let (first, endpoint) = try listener()
        let link = try client.connect(to: endpoint, remote: "coordinator") { _ in }
        try link.send(Message(.acknowledgement))
        await eventually("the gateway was never refused") { first.statistics.refusedPeers > 0 }
        await first.shutdown()
        let second = try kit.messenger("coordinator")
        let inbox = inbox
        _ = try await second.bindOnceFree(endpoint, admitting: [.gateway]) { inbox.put($0, $1) }
        #expect(try await inbox.next().peer?.role == .gateway)
        await client.shutdown()
        await second.shutdown()
    }

    @Test func refusalsNameTheRole() async throws {
        let (server, endpoint) = try listener()
        let client = try kit.messenger("gateway-0")
        _ = try client.connect(to: endpoint, remote: "coordinator") { _ in }
        await eventually("the refusal was never logged") {
            kit.log.lines.contains { $0.contains("gateway-0") && $0.contains("expected worker") }
        }
        await client.shutdown()
        await server.shutdown()
    }

    /// A routing id of the peer's own choice could be that of another connection.
    @Test(arguments: [Array("worker-1".utf8), [1, 2, 3, 4, 5]]) func chosenRoutingIDsGetNothing(
        routingID: [UInt8]
    ) async throws {
        let (server, endpoint) = try listener()
        let peer = rawWorker(routingID: routingID)
        peer.connect(to: endpoint)
        await peer.waitForHandshake()
        peer.send([try acknowledgement.encode()])
        await eventually("the message was never counted") { server.statistics.dropped[.unattributed] == 1 }
        try await expectOnlyHonestMessages(at: endpoint)
        await server.shutdown()
    }

    @Test func brokenMessagesAreCountedLoggedAndDropped() async throws {
        var limits = MessagingLimits()
        limits.frames = 2
        limits.frameBytes = 6 << 20
        limits.messageBytes = 8 << 20
        let (server, endpoint) = try listener(limits: limits)
        let peer = rawWorker()
        peer.connect(to: endpoint)
        await peer.waitForHandshake()
        let envelope = try acknowledgement.encode()
        let large = [UInt8](repeating: 0, count: 5 << 20)
        peer.send([[1, 2, 3]])
        peer.send([[]])
        peer.send([Array(envelope.dropLast())])
        peer.send([envelope, [], [], []])
        peer.send([envelope, large, large])
        peer.send([envelope + [0xa2, 0x06, 0x80, 0x80, 0x08] + [UInt8](repeating: 0, count: 1 << 17)])
        await eventually("some messages were never counted: \(server.statistics.dropped)") {
            server.statistics.dropped == [.malformed: 3, .tooManyFrames: 1, .oversized: 2]
        }
        #expect(kit.log.lines.contains { $0.contains("malformed") && $0.contains("worker-0") })
        #expect(kit.log.lines.contains { $0.contains("too_many_frames") })
        try await expectOnlyHonestMessages(at: endpoint)
        // Whoever sent a readable header was told why: one of the six had no header at all, two were cut before it.
        await eventually("no answer came") { peer.receive() != nil }
        await server.shutdown()
    }

    @Test func framesBeyondTheLimitEndTheConnection() async throws {
        var limits = MessagingLimits()
        limits.frameBytes = 5 << 20
        let (server, endpoint) = try listener(limits: limits)
        let peer = rawWorker()
        peer.connect(to: endpoint)
        await peer.waitForHandshake()
        peer.send([try acknowledgement.encode(), [UInt8](repeating: 0, count: 6 << 20)])
        await peer.waitForRefusal()
        try await expectOnlyHonestMessages(at: endpoint)
        await server.shutdown()
    }

    /// The fuzzer's frames, through a real socket.
    @Test func mutatedFramesNeverStopAListener() async throws {
        let (server, endpoint) = try listener()
        let peer = rawWorker()
        peer.connect(to: endpoint)
        await peer.waitForHandshake()
        var mutator = Mutator(seed: 3)
        let samples = try EnvelopeSamples.all.map { try $0.encode() }
        for _ in 0..<500 { peer.send([mutator.frame(from: samples)]) }
        await eventually("some messages were never seen") {
            let (dropped, received) = (server.statistics.dropped, server.statistics.messagesReceived)
            let unusable = [.malformed, .oversized, .otherVersion].map { dropped[$0] ?? 0 }
            return unusable.reduce(received, +) == 500
        }
        await server.shutdown()
    }

    private func rawWorker(routingID: [UInt8] = []) -> RawPeer {
        RawPeer(
            keys: kit.cluster.keys["worker-0"]!, server: kit.cluster.keys["coordinator"]!.publicKey,
            routingID: routingID)
    }
}
