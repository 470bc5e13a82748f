import Synchronization
import Testing
import Wire

@testable import Messaging

/// What both messengers promise.
@Suite(.timeLimit(.minutes(10))) struct MessengerTests {
    private let document = Envelope.Body.document(Document(kind: "test", json: Array("{}".utf8)))

    /// A listener that answers every message with its own body and frames.
    private func echo(
        _ messenger: any Messenger, at endpoint: String = "tcp://127.0.0.1:0", admitting roles: Set<Role> = [.worker]
    ) async throws -> any Listener {
        let own = LateListener()
        let listener = try await messenger.bindOnceFree(endpoint, admitting: roles) { peer, message in
            own.send(Message(answering: message, message.envelope.body, frames: message.frames), to: peer)
        }
        own.set(listener)
        return listener
    }

    @Test(arguments: Kit.allCases) func requestsAreAnsweredWithFrames(kit: Kit) async throws {
        let kit = kit.make()
        let (server, client) = (try kit.messenger("coordinator"), try kit.messenger("worker-0"))
        let listener = try await echo(server)
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
        let large = [UInt8](repeating: 7, count: 3 << 20)
        let frames = [Frame(copying: [1, 2, 3]), Frame(copying: []), Frame(copying: large)]
        let answer = try await link.request(Message(document, frames: frames), timeout: .seconds(30))
        #expect(answer.envelope.body == document)
        #expect(answer.frames.map(\.bytes) == [[1, 2, 3], [], large])
        #expect(link.isConnected)
        #expect(link.remote == "coordinator")
        await client.shutdown()
        await server.shutdown()
    }

    @Test(arguments: Kit.allCases) func listenersAskTheirPeersToo(kit: Kit) async throws {
        let kit = kit.make()
        let (server, client) = (try kit.messenger("coordinator"), try kit.messenger("worker-0"))
        let inbox = Inbox()
        let listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { inbox.put($0, $1) }
        let own = LateLink()
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { message in
            own.send(Message(answering: message, .heartbeatReply(HeartbeatReply(known: true))))
        }
        own.set(link)
        try link.send(Message(.acknowledgement))
        let peer = try #require(try await inbox.next().peer)
        let answer = try await listener.request(Message(document), to: peer, timeout: .seconds(30))
        #expect(answer.envelope.body == .heartbeatReply(HeartbeatReply(known: true)))
        await client.shutdown()
        await server.shutdown()
    }

    /// After the messages, and only after them, comes the time to do what they asked for.
    @Test(arguments: Kit.allCases) func listenersHearWhenAllIsHandedOver(kit: Kit) async throws {
        let kit = kit.make()
        let (server, client) = (try kit.messenger("coordinator"), try kit.messenger("worker-0"))
        let waiting = Mutex<[(Peer, Message)]>([])
        let own = LateListener()
        let listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { peer, message in
            waiting.withLock { $0.append((peer, message)) }
        } settled: {
            let messages = waiting.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
            #expect(!messages.isEmpty, "nothing had come")
            for (peer, message) in messages {
                own.send(Message(answering: message, message.envelope.body), to: peer)
            }
        }
        own.set(listener)
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { _ = try await link.request(Message(document), timeout: .seconds(30)) } }
            try await group.waitForAll()
        }
        await client.shutdown()
        await server.shutdown()
    }

    @Test(arguments: Kit.allCases) func failuresAreThrown(kit: Kit) async throws {
        let kit = kit.make()
        let (server, client) = (try kit.messenger("coordinator"), try kit.messenger("worker-0"))
        let failure = Failure(.queueFull, "expected at most 64 rows in the queue, got 65: try again")
        let listener = try await echo(server)
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
        await #expect(throws: failure) { try await link.request(Message(.failure(failure)), timeout: .seconds(30)) }
        await client.shutdown()
        await server.shutdown()
    }

    @Test(arguments: Kit.allCases) func peersAreWhoTheirKeySays(kit: Kit) async throws {
        let kit = kit.make()
        let (server, client) = (try kit.messenger("coordinator"), try kit.messenger("worker-0"))
        let inbox = Inbox()
        let listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { inbox.put($0, $1) }
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
        let claim = Join(
            name: "worker-1", role: .coordinator, incarnation: 1, endpoint: "", version: "1", host: "h", processID: 1,
            cores: 1, memoryBytes: 1)
        try link.send(Message(.join(claim)))
        let item = try await inbox.next()
        #expect(item.message.envelope.body == .join(claim))
        #expect(item.peer?.name == "worker-0")
        #expect(item.peer?.role == .worker)
        await client.shutdown()
        await server.shutdown()
    }

    @Test(arguments: Kit.allCases) func messagesArriveInOrder(kit: Kit) async throws {
        let kit = kit.make()
        let (server, client) = (try kit.messenger("coordinator"), try kit.messenger("worker-0"))
        let inbox = Inbox()
        let listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { inbox.put($0, $1) }
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
        for number in 0..<2000 {
            try link.send(Message(.document(Document(kind: "\(number)", json: []))))
        }
        for number in 0..<2000 {
            let body = try await inbox.next().message.envelope.body
            #expect(body == .document(Document(kind: "\(number)", json: [])))
        }
        await client.shutdown()
        await server.shutdown()
    }

    @Test(arguments: Kit.allCases) func requestsToNobodyTimeOut(kit: Kit) async throws {
        let kit = kit.make()
        let client = try kit.messenger("worker-0")
        let link = try client.connect(to: try await kit.freeEndpoint(), remote: "coordinator") { _ in }
        let timeout = Duration.milliseconds(20)
        await #expect(throws: MessagingError.timedOut(peer: "coordinator", after: timeout)) {
            try await link.request(Message(document), timeout: timeout)
        }
        #expect(!link.isConnected)
        await client.shutdown()
    }

    @Test(arguments: Kit.allCases) func whatIsSentBeforeTheListenerExistsArrives(kit: Kit) async throws {
        let kit = kit.make()
        let (server, client) = (try kit.messenger("coordinator"), try kit.messenger("worker-0"))
        let endpoint = try await kit.freeEndpoint()
        let link = try client.connect(to: endpoint, remote: "coordinator") { _ in }
        async let answer = link.request(Message(document), timeout: .seconds(30))
        _ = try await echo(server, at: endpoint)
        #expect(try await answer.envelope.body == document)
        await client.shutdown()
        await server.shutdown()
    }

    @Test(arguments: Kit.allCases) func lateAnswersAreDroppedAndCounted(kit: Kit) async throws {
        let kit = kit.make()
        let (server, client) = (try kit.messenger("coordinator"), try kit.messenger("worker-0"))
        let inbox = Inbox()
        let listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { inbox.put($0, $1) }
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in
            Issue.record("an answer must never reach the handler")
        }
        try link.send(Message(.acknowledgement))
        _ = try await inbox.next()
        await #expect(throws: MessagingError.self) {
            try await link.request(Message(document), timeout: .milliseconds(20))
        }
        let request = try await inbox.next()
        try listener.send(Message(answering: request.message, .acknowledgement), to: try #require(request.peer))
        await eventually("the late answer was never counted") { client.statistics.dropped[.lateAnswer] == 1 }
        await client.shutdown()
        await server.shutdown()
    }

    @Test(arguments: Kit.allCases) func fullBacklogsRefuse(kit: Kit) async throws {
        let kit = kit.make()
        var limits = MessagingLimits()
        limits.backlogMessages = 3
        let (server, client) = (try kit.messenger("coordinator"), try kit.messenger("worker-0", limits: limits))
        let endpoint = try await kit.freeEndpoint()
        let link = try client.connect(to: endpoint, remote: "coordinator") { _ in }
        for _ in 0..<3 { try link.send(Message(document)) }
        #expect(throws: MessagingError.backlogFull(peer: "coordinator")) { try link.send(Message(document)) }
        await #expect(throws: MessagingError.backlogFull(peer: "coordinator")) {
            try await link.request(Message(document), timeout: .seconds(30))
        }
        #expect(client.statistics.backlogRefusals == 2)

        let inbox = Inbox()
        _ = try await server.bindOnceFree(endpoint, admitting: [.worker]) { inbox.put($0, $1) }
        for _ in 0..<3 { _ = try await inbox.next() }
        await eventually("what was sent still counts") { (try? link.send(Message(document))) != nil }
        await client.shutdown()
        await server.shutdown()
    }

    @Test(arguments: Kit.allCases) func backlogsAreBoundedByBytes(kit: Kit) async throws {
        let kit = kit.make()
        var limits = MessagingLimits()
        limits.backlogBytes = 1 << 20
        let client = try kit.messenger("worker-0", limits: limits)
        let link = try client.connect(to: try await kit.freeEndpoint(), remote: "coordinator") { _ in }
        let frame = Frame(copying: [UInt8](repeating: 0, count: 600 << 10))
        try link.send(Message(document, frames: [frame]))
        #expect(throws: MessagingError.backlogFull(peer: "coordinator")) {
            try link.send(Message(document, frames: [frame]))
        }
        await client.shutdown()
    }

    @Test(arguments: Kit.allCases) func requestsOverABrokenConnectionFailAtOnce(kit: Kit) async throws {
        let kit = kit.make()
        let (server, client) = (try kit.messenger("coordinator"), try kit.messenger("worker-0"))
        let inbox = Inbox()
        let listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { inbox.put($0, $1) }
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
        let request = Message(document)
        let answer = Task { try await link.request(request, timeout: .seconds(3600)) }
        _ = try await inbox.next()
        await server.shutdown()
        await #expect(throws: MessagingError.notConnected(peer: "coordinator")) { try await answer.value }
        await eventually("the link still takes itself for connected") { !link.isConnected }
        await client.shutdown()
    }

    @Test(arguments: Kit.allCases) func linksReconnectToARestartedPeer(kit: Kit) async throws {
        let kit = kit.make()
        let (first, client) = (try kit.messenger("coordinator"), try kit.messenger("worker-0"))
        let firstInbox = Inbox()
        let listener = try first.bind("tcp://127.0.0.1:0", admitting: [.worker]) { firstInbox.put($0, $1) }
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
        try link.send(Message(document))
        _ = try await firstInbox.next()
        await first.shutdown()

        let second = try kit.messenger("coordinator")
        _ = try await echo(second, at: listener.endpoint)
        let answer = try await retried { try await link.request(Message(document), timeout: .seconds(30)) }
        #expect(answer.envelope.body == document)
        await client.shutdown()
        await second.shutdown()
    }

    @Test(arguments: Kit.allCases) func aPeerThatReconnectedIsAnother(kit: Kit) async throws {
        let kit = kit.make()
        let server = try kit.messenger("coordinator")
        let inbox = Inbox()
        let listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { inbox.put($0, $1) }
        let (first, second) = (try kit.messenger("worker-0"), try kit.messenger("worker-0"))
        try first.connect(to: listener.endpoint, remote: "coordinator") { _ in }.send(Message(document))
        let gone = try #require(try await inbox.next().peer)
        await first.shutdown()
        try second.connect(to: listener.endpoint, remote: "coordinator") { _ in }.send(Message(document))
        let present = try #require(try await inbox.next().peer)
        #expect(gone.name == present.name)
        #expect(gone.connection != present.connection)
        await eventually("sending to a peer that is gone was never noticed") {
            (try? listener.send(Message(document), to: gone)) != nil && server.statistics.dropped[.unreachable] != nil
        }
        await #expect(throws: MessagingError.notConnected(peer: "worker-0")) {
            try await listener.request(Message(document), to: gone, timeout: .seconds(3600))
        }
        await second.shutdown()
        await server.shutdown()
    }

    @Test(arguments: Kit.allCases) func anotherProtocolVersionIsRefusedByName(kit: Kit) async throws {
        let kit = kit.make()
        let (server, client) = (try kit.messenger("coordinator"), try kit.messenger("worker-0"))
        let listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { _, _ in
            Issue.record("a message of another version must not reach the handler")
        }
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
        let join = Join(
            name: "worker-0", role: .worker, incarnation: 1, endpoint: "", version: "2", host: "h", processID: 1,
            cores: 1, memoryBytes: 1)
        let failure = await #expect(throws: Failure.self) {
            try await link.request(Message(Envelope(.join(join), protocolVersion: 2)), timeout: .seconds(30))
        }
        #expect(failure?.code == .protocolMismatch)
        #expect(failure?.message.contains("version 1") == true)
        #expect(failure?.message.contains("version 2") == true)
        #expect(server.statistics.dropped[.otherVersion] == 1)
        await client.shutdown()
        await server.shutdown()
    }

    @Test(arguments: Kit.allCases) func aRoleThatIsNotAdmittedGetsNothing(kit: Kit) async throws {
        let kit = kit.make()
        let (server, client) = (try kit.messenger("coordinator"), try kit.messenger("gateway-0"))
        let listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { _, _ in
            Issue.record("a role that is not admitted must not reach the handler")
        }
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
        await #expect(throws: MessagingError.self) {
            try await link.request(Message(document), timeout: .milliseconds(300))
        }
        #expect(!link.isConnected)
        #expect(server.statistics.messagesReceived == 0)
        await client.shutdown()
        await server.shutdown()
    }

    @Test(arguments: Kit.allCases) func aListenerThatIsAnotherNodeGetsNothing(kit: Kit) async throws {
        let kit = kit.make()
        let (server, client) = (try kit.messenger("worker-1"), try kit.messenger("worker-0"))
        let listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { _, _ in
            Issue.record("a node that is not the one asked for must not get the message")
        }
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
        await #expect(throws: MessagingError.self) {
            try await link.request(Message(document), timeout: .milliseconds(300))
        }
        await client.shutdown()
        await server.shutdown()
    }

    @Test(arguments: Kit.allCases) func whatBreaksTheRulesIsRefusedAtItsSource(kit: Kit) async throws {
        let kit = kit.make()
        var limits = MessagingLimits()
        limits.frames = 2
        limits.frameBytes = 1000
        limits.messageBytes = 1500
        let client = try kit.messenger("worker-0", limits: limits)
        let link = try client.connect(to: try await kit.freeEndpoint(), remote: "coordinator") { _ in }
        func frame(_ count: Int) -> Frame { Frame(copying: [UInt8](repeating: 0, count: count)) }
        #expect(throws: MessagingError.messageTooLarge(bytes: 1001, limit: 1000)) {
            try link.send(Message(document, frames: [frame(1001)]))
        }
        #expect(throws: MessagingError.self) { try link.send(Message(document, frames: [frame(900), frame(900)])) }
        #expect(throws: MessagingError.self) {
            try link.send(Message(document, frames: [frame(1), frame(1), frame(1)]))
        }
        let error = #expect(throws: MessagingError.self) {
            try link.send(Message(.document(Document(kind: "", json: []))))
        }
        guard case .invalidMessage(let reason) = error else {
            Issue.record("expected invalidMessage, got \(String(describing: error))")
            return
        }
        #expect(reason.contains("document.kind"))
        await client.shutdown()
    }

    @Test(arguments: Kit.allCases) func cancellationEndsARequest(kit: Kit) async throws {
        let kit = kit.make()
        let client = try kit.messenger("worker-0")
        let link = try client.connect(to: try await kit.freeEndpoint(), remote: "coordinator") { _ in }
        let message = Message(document)
        let task = Task { try await link.request(message, timeout: .seconds(3600)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await client.shutdown()
    }

    private let inference = Envelope.Body.inferRequest(InferRequest(model: "digits", version: "1", inputs: []))

    /// Whoever was asked for much work hears when nobody waits for it any more: by cancellation, and by its time.
    @Test(arguments: Kit.allCases, [true, false])
    func whoWorksHearsThatNobodyWaits(kit: Kit, byTime: Bool) async throws {
        let kit = kit.make()
        let (server, client) = (try kit.messenger("coordinator"), try kit.messenger("worker-0"))
        let inbox = Inbox()
        let listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { inbox.put($0, $1) }
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
        // What is asked before there is a connection may end without having been sent.
        try link.send(Message(.acknowledgement))
        _ = try await inbox.next()
        let timeout = byTime ? Duration.milliseconds(300) : .seconds(3600)
        let message = Message(inference)
        let task = Task { try await link.request(message, timeout: timeout) }
        let asked = try await inbox.next()
        #expect(asked.message.envelope.timeout == timeout)
        if !byTime { task.cancel() }
        let heard = try await inbox.next()
        #expect(heard.peer == asked.peer)
        #expect(
            heard.message.envelope.body == .cancellation(Cancellation(messageID: asked.message.envelope.messageID)))
        await #expect(throws: (any Error).self) { try await task.value }
        await client.shutdown()
        await server.shutdown()
    }

    /// What was never sent needs no taking back, and what is little work is not worth a message.
    @Test(arguments: Kit.allCases) func onlyMuchWorkIsTakenBack(kit: Kit) async throws {
        let kit = kit.make()
        let (server, client) = (try kit.messenger("coordinator"), try kit.messenger("worker-0"))
        let inbox = Inbox()
        let endpoint = try await kit.freeEndpoint()
        let link = try client.connect(to: endpoint, remote: "coordinator") { _ in }
        await #expect(throws: MessagingError.self) {
            try await link.request(Message(inference), timeout: .milliseconds(20))
        }
        let listener = try await server.bindOnceFree(endpoint, admitting: [.worker]) { inbox.put($0, $1) }
        await #expect(throws: MessagingError.self) {
            try await link.request(Message(document), timeout: .milliseconds(20))
        }
        await eventually("connected") { link.isConnected }
        try link.send(Message(.probe))
        while true {
            let body = try await inbox.next().message.envelope.body
            if body == .probe { break }
            #expect(body == document)
        }
        listener.close()
        await client.shutdown()
        await server.shutdown()
    }

    @Test(arguments: Kit.allCases) func shutdownEndsEverything(kit: Kit) async throws {
        let kit = kit.make()
        let (server, client) = (try kit.messenger("coordinator"), try kit.messenger("worker-0"))
        let inbox = Inbox()
        let listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { inbox.put($0, $1) }
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
        let request = Message(document)
        let answer = Task { try await link.request(request, timeout: .seconds(3600)) }
        let peer = try #require(try await inbox.next().peer)
        await client.shutdown()
        await client.shutdown()
        await #expect(throws: MessagingError.closed) { try await answer.value }
        #expect(throws: MessagingError.closed) { try link.send(Message(document)) }
        #expect(throws: MessagingError.closed) {
            try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
        }
        #expect(throws: MessagingError.closed) { try client.bind("tcp://127.0.0.1:0", admitting: []) { _, _ in } }
        listener.close()
        #expect(throws: MessagingError.closed) { try listener.send(Message(document), to: peer) }
        await server.shutdown()
    }

    @Test(arguments: Kit.allCases) func aTakenAddressIsNamed(kit: Kit) async throws {
        let kit = kit.make()
        let (one, other) = (try kit.messenger("coordinator"), try kit.messenger("worker-0"))
        let endpoint = try one.bind("tcp://127.0.0.1:0", admitting: [.worker]) { _, _ in }.endpoint
        #expect(throws: MessagingError.cannotBind(endpoint: endpoint, reason: "Address already in use")) {
            try other.bind(endpoint, admitting: [.worker]) { _, _ in }
        }
        await one.shutdown()
        await other.shutdown()
    }

    /// As a caller does it: what a break interrupted is asked again.
    private func retried(_ request: () async throws -> Message) async throws -> Message {
        while true {
            do {
                return try await request()
            } catch MessagingError.notConnected {
                continue
            }
        }
    }
}
