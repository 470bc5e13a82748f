import Foundation
import Synchronization
import Testing
import Wire

@testable import Messaging

/// What streams promise over both messengers.
@Suite(.timeLimit(.minutes(10))) struct StreamTests {
    @Test(arguments: Kit.allCases) func partsComeInOrder(kit: Kit) async throws {
        let scene = try StreamScene(kit.make())
        let stream = try scene.open(parts: 5, bytes: 20_000)
        let writer = try await scene.asked.nextWriter()
        #expect(writer.isStream)
        let producer = Task {
            for number in 0..<500 { try await writer.send(number) }
            writer.finish()
        }
        #expect(try await stream.numbers() == Array(0..<500))
        try await producer.value
        #expect(try await stream.next() == nil)
        let asked = scene.client.statistics.askedStreams
        let answered = scene.server.statistics.answeredStreams
        #expect((asked.opened, asked.open, asked.parts) == (1, 0, 500))
        #expect((answered.opened, answered.open, answered.parts) == (1, 0, 500))
        #expect(answered.cancelled == 0)
        await scene.close()
    }

    @Test(arguments: Kit.allCases) func partsHaveFrames(kit: Kit) async throws {
        let scene = try StreamScene(kit.make())
        let stream = try scene.open(bytes: 8 << 20)
        let writer = try await scene.asked.nextWriter()
        let large = [UInt8](repeating: 7, count: 3 << 20)
        try await writer.send(
            .acknowledgement, frames: [Frame(copying: [1, 2, 3]), Frame(copying: []), Frame(copying: large)])
        try await writer.send(.acknowledgement, frames: [Frame(copying: [4])], isLast: true)
        #expect(try await stream.next()?.frames.map(\.bytes) == [[1, 2, 3], [], large])
        #expect(try await stream.next()?.frames.map(\.bytes) == [[4]])
        #expect(try await stream.next() == nil)
        await scene.close()
    }

    @Test(arguments: Kit.allCases) func streamsAreSequences(kit: Kit) async throws {
        let scene = try StreamScene(kit.make())
        let stream = try scene.open()
        let writer = try await scene.asked.nextWriter()
        for number in 0..<3 { try await writer.send(number) }
        writer.finish()
        var numbers: [Int?] = []
        for try await part in stream { numbers.append(part.number) }
        #expect(numbers == [0, 1, 2])
        await scene.close()
    }

    /// A listener may ask its peer, and the link's side answer.
    @Test(arguments: Kit.allCases) func bothSidesMayAsk(kit: Kit) async throws {
        let kit = kit.make()
        let (server, client) = (try kit.messenger("coordinator"), try kit.messenger("worker-0"))
        let (inbox, asked) = (Inbox(), Asked())
        let listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { inbox.put($0, $1) }
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { asked.put(nil, $0, $1) }
        try link.send(Message(.acknowledgement))
        let peer = try #require(try await inbox.next().peer)
        let stream = try listener.stream(
            Message(StreamScene.question), to: peer, credit: StreamCredit(parts: 2, bytes: 1000),
            firstPartTimeout: .seconds(3600), betweenParts: .seconds(3600))
        let writer = try await asked.nextWriter()
        let producer = Task {
            for number in 0..<20 { try await writer.send(number) }
            writer.finish()
        }
        #expect(try await stream.numbers() == Array(0..<20))
        try await producer.value
        await client.shutdown()
        await server.shutdown()
    }

    /// Of the whole answer of a peer that knows no streams, and of one who does.
    @Test(arguments: Kit.allCases, [true, false]) func aWholeAnswerIsOnePart(kit: Kit, byIDs: Bool) async throws {
        let kit = kit.make()
        let (server, client) = (try kit.messenger("coordinator"), try kit.messenger("worker-0"))
        let own = LateListener()
        let answer = Envelope.Body.document(Document(kind: "7", json: []))
        let listener: any Listener
        if byIDs {
            listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { peer, message in
                own.send(Message(answering: message, answer, frames: [Frame(copying: [1])]), to: peer)
            }
            own.set(listener)
        } else {
            listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { _, _, responder in
                #expect(responder.takesParts)
                #expect(throws: Never.self) { try responder.answer(answer, frames: [Frame(copying: [1])]) }
            }
        }
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
        let stream = try link.stream(
            Message(StreamScene.question), credit: StreamCredit(parts: 1, bytes: 1), firstPartTimeout: .seconds(3600),
            betweenParts: .seconds(3600))
        let part = try #require(try await stream.next())
        #expect(part.number == 7)
        #expect(part.frames.map(\.bytes) == [[1]])
        #expect(try await stream.next() == nil)
        #expect(client.statistics.askedStreams.open == 0)
        await eventually("the stream is still open") { server.statistics.answeredStreams.open == 0 }
        await client.shutdown()
        await server.shutdown()
    }

    /// Neither side holds more than was granted, and both go on when the reader does.
    @Test(arguments: Kit.allCases) func aSlowReaderStopsTheWriter(kit: Kit) async throws {
        let scene = try StreamScene(kit.make())
        let stream = try scene.open(parts: 4)
        let writer = try await scene.asked.nextWriter()
        for number in 0..<4 { #expect(try writer.trySend(number)) }
        #expect(try !writer.trySend(4))
        await eventually("the parts never came") { stream.held.parts == 4 }
        #expect(try !writer.trySend(4))
        #expect(try await stream.next()?.number == 0)
        #expect(try await stream.next()?.number == 1)
        try await eventually("credit never came") { try writer.trySend(4) }
        #expect(try writer.trySend(5))
        #expect(try !writer.trySend(6))
        await eventually("the parts never came") { stream.held.parts == 4 }
        writer.finish()
        #expect(try await stream.numbers() == [2, 3, 4, 5])
        await scene.close()
    }

    @Test(arguments: Kit.allCases) func theWindowBoundsBytesToo(kit: Kit) async throws {
        let scene = try StreamScene(kit.make())
        let stream = try scene.open(parts: 100, bytes: 10_000)
        let writer = try await scene.asked.nextWriter()
        let frame = Frame(copying: [UInt8](repeating: 1, count: 3000))
        var sent = 0
        while try writer.trySend(.acknowledgement, frames: [frame]) { sent += 1 }
        #expect(sent == 3)
        await eventually("the parts never came") { stream.held.parts == 3 }
        #expect(stream.held.bytes <= 10_000)
        let producer = Task { try await writer.send(.acknowledgement, frames: [frame], isLast: true) }
        var read = 0
        while let part = try await stream.next() {
            #expect(part.frames[0].count == 3000)
            read += 1
        }
        #expect(read == 4)
        try await producer.value
        await scene.close()
    }

    enum Leaving: CaseIterable, Sendable {
        case cancel, letGo, taskCancelled
    }

    /// A writer that waits for credit, and one that works, hear at once that nobody reads.
    @Test(arguments: Kit.allCases, Leaving.allCases)
    func whoWritesHearsThatNobodyReads(kit: Kit, leaving: Leaving) async throws {
        let scene = try StreamScene(kit.make())
        var stream: MessageStream? = try scene.open(parts: 1)
        let writer = try await scene.asked.nextWriter()
        try await writer.send(0)
        let waiting = Task { try await writer.send(1) }
        if leaving == .taskCancelled {
            let read = stream
            let reader = Task { while try await read?.next() != nil {} }
            #expect(!writer.isCancelled)
            reader.cancel()
            _ = await reader.result
        } else if leaving == .cancel {
            stream?.cancel()
        }
        if leaving == .letGo { stream = nil }
        if leaving != .taskCancelled {
            await #expect(throws: CancellationError.self) { try await waiting.value }
        } else {
            _ = await waiting.result
        }
        await eventually("the writer never heard") { writer.isCancelled }
        #expect(throws: CancellationError.self) { try writer.trySend(2) }
        writer.finish()
        writer.fail(Failure(.internal, "nobody hears it"))
        await eventually("the stream is still open") { scene.server.statistics.answeredStreams.open == 0 }
        #expect(scene.server.statistics.answeredStreams.cancelled == 1)
        #expect(scene.client.statistics.askedStreams.cancelled == 1)
        #expect(scene.client.statistics.askedStreams.open == 0)
        withExtendedLifetime(stream) {}
        await scene.close()
    }

    @Test(arguments: Kit.allCases) func theFirstPartHasADeadline(kit: Kit) async throws {
        let scene = try StreamScene(kit.make())
        // What is asked before there is a connection may end without having been sent.
        try await scene.connect()
        let first = Duration.milliseconds(30)
        let stream = try scene.open(first: first)
        let item = try await scene.asked.next()
        #expect(item.message.envelope.timeout == first)
        let writer = try #require(item.responder.open())
        await #expect(throws: MessagingError.timedOut(peer: "coordinator", after: first)) { try await stream.next() }
        #expect(try await stream.next() == nil)
        await eventually("the writer never heard") { writer.isCancelled }
        #expect(scene.client.statistics.askedStreams.timedOut == 1)
        await scene.close()
    }

    @Test(arguments: Kit.allCases) func theNextPartHasADeadline(kit: Kit) async throws {
        let scene = try StreamScene(kit.make())
        let between = Duration.milliseconds(30)
        let stream = try scene.open(between: between)
        let writer = try await scene.asked.nextWriter()
        try await writer.send(0)
        #expect(try await stream.next()?.number == 0)
        await #expect(throws: MessagingError.timedOut(peer: "coordinator", after: between)) {
            try await stream.next()
        }
        await eventually("the writer never heard") { writer.isCancelled }
        await scene.close()
    }

    /// What had come is still read, and then the error.
    @Test(arguments: Kit.allCases) func aPeerThatEndsInTheMiddleEndsTheStream(kit: Kit) async throws {
        let scene = try StreamScene(kit.make())
        let stream = try scene.open(parts: 2)
        let writer = try await scene.asked.nextWriter()
        try await writer.send(0)
        try await writer.send(1)
        let waiting = Task { try await writer.send(2) }
        await eventually("the parts never came") { stream.held.parts == 2 }
        await scene.server.shutdown()
        await #expect(throws: (any Error).self) { try await waiting.value }
        await eventually("the writer never heard") { writer.isCancelled }
        await eventually("the stream is still open") { scene.client.statistics.askedStreams.open == 0 }
        #expect(try await stream.next()?.number == 0)
        #expect(try await stream.next()?.number == 1)
        await #expect(throws: MessagingError.notConnected(peer: "coordinator")) { try await stream.next() }
        await scene.client.shutdown()
    }

    @Test(arguments: Kit.allCases) func anAskerThatEndsInTheMiddleFreesTheWriter(kit: Kit) async throws {
        let scene = try StreamScene(kit.make())
        let stream = try scene.open(parts: 1)
        let writer = try await scene.asked.nextWriter()
        try await writer.send(0)
        let waiting = Task { try await writer.send(1) }
        #expect(try await stream.next()?.number == 0)
        await scene.client.shutdown()
        await #expect(throws: MessagingError.closed) {
            while try await stream.next() != nil {}
        }
        _ = await waiting.result
        await eventually("the writer never heard") { writer.isCancelled }
        await scene.server.shutdown()
    }

    /// The bound on how long a part waits, and with it on what a reader that is too slow costs.
    @Test(arguments: Kit.allCases) func aReaderThatIsTooSlowLosesTheStream(kit: Kit) async throws {
        var limits = MessagingLimits()
        limits.creditTimeout = .milliseconds(50)
        let scene = try StreamScene(kit.make(), serverLimits: limits)
        let stream = try scene.open(parts: 2)
        let writer = try await scene.asked.nextWriter()
        try await writer.send(0)
        try await writer.send(1)
        await #expect(throws: MessagingError.timedOut(peer: "worker-0", after: limits.creditTimeout)) {
            try await writer.send(2)
        }
        #expect(writer.isCancelled)
        #expect(try await stream.next()?.number == 0)
        #expect(try await stream.next()?.number == 1)
        let failure = await #expect(throws: Failure.self) { try await stream.next() }
        #expect(failure?.code == .deadlineExceeded)
        #expect(scene.server.statistics.answeredStreams.timedOut == 1)
        await scene.close()
    }

    /// Streams over one link do not wait for each other.
    @Test(arguments: Kit.allCases) func manyStreamsShareALink(kit: Kit) async throws {
        let kit = kit.make()
        let (server, client) = (try kit.messenger("coordinator"), try kit.messenger("worker-0"))
        let listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { _, message, responder in
            guard let writer = responder.open(), case .inferRequest(let request) = message.envelope.body,
                let own = Int(request.version)
            else { return }
            Task {
                for number in 0..<40 { try await writer.send(own * 1000 + number) }
                writer.finish()
            }
        }
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
        let idle = try link.stream(
            Message(.inferRequest(InferRequest(model: "words", version: "99", inputs: []))),
            credit: StreamCredit(parts: 1, bytes: 1000), firstPartTimeout: .seconds(3600),
            betweenParts: .seconds(3600))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for own in 0..<50 {
                group.addTask {
                    let stream = try link.stream(
                        Message(.inferRequest(InferRequest(model: "words", version: "\(own)", inputs: []))),
                        credit: StreamCredit(parts: 3, bytes: 1000), firstPartTimeout: .seconds(3600),
                        betweenParts: .seconds(3600))
                    let numbers = try await stream.numbers()
                    #expect(numbers == (0..<40).map { own * 1000 + $0 })
                }
            }
            try await group.waitForAll()
        }
        #expect(idle.held.parts <= 1)
        #expect(try await idle.numbers().count == 40)
        await client.shutdown()
        await server.shutdown()
    }

    @Test(arguments: Kit.allCases) func aPartThatIsTooLargeIsRefusedByName(kit: Kit) async throws {
        let scene = try StreamScene(kit.make())
        let stream = try scene.open(bytes: 2001)
        let writer = try await scene.asked.nextWriter()
        #expect(writer.largestPart == 1000)
        func frame(_ count: Int) -> Frame { Frame(copying: [UInt8](repeating: 0, count: count)) }
        #expect(throws: MessagingError.messageTooLarge(bytes: 1001, limit: 1000)) {
            try writer.trySend(.acknowledgement, frames: [frame(1001)])
        }
        // The envelope counts too.
        #expect(throws: MessagingError.self) { try writer.trySend(.acknowledgement, frames: [frame(1000)]) }
        // Nothing was used up, and no number.
        for _ in 0..<2 { #expect(try writer.trySend(.acknowledgement, frames: [frame(900)])) }
        writer.finish()
        #expect(try await stream.next()?.frames[0].count == 900)
        #expect(try await stream.next()?.frames[0].count == 900)
        #expect(try await stream.next() == nil)
        await scene.close()
    }

    /// More than any message may hold is refused too, with the window as large as it may be.
    @Test(arguments: Kit.allCases) func framesBeyondTheLimitOfMessagesAreRefusedByName(kit: Kit) async throws {
        var limits = MessagingLimits()
        limits.frameBytes = 1000
        let scene = try StreamScene(kit.make(), serverLimits: limits)
        let stream = try scene.open(bytes: WireLimits.creditBytes)
        let writer = try await scene.asked.nextWriter()
        #expect(throws: MessagingError.messageTooLarge(bytes: 1001, limit: 1000)) {
            try writer.trySend(.acknowledgement, frames: [Frame(copying: [UInt8](repeating: 0, count: 1001))])
        }
        writer.fail(Failure(.invalidArgument, "too large"))
        await #expect(throws: Failure(.invalidArgument, "too large")) { try await stream.next() }
        await scene.close()
    }

    @Test(arguments: Kit.allCases) func onePeerHasSoManyStreams(kit: Kit) async throws {
        var limits = MessagingLimits()
        limits.openStreams = 2
        let scene = try StreamScene(kit.make(), serverLimits: limits)
        let (first, second) = (try scene.open(), try scene.open())
        let writers = [try await scene.asked.nextWriter(), try await scene.asked.nextWriter()]
        let refused = try scene.open()
        let failure = await #expect(throws: Failure.self) { try await refused.next() }
        #expect(failure?.code == .queueFull)
        #expect(failure?.message.contains("at most 2 open streams") == true)
        #expect(scene.server.statistics.answeredStreams.refused == 1)
        writers[0].finish()
        writers[1].finish()
        #expect(try await first.next() == nil)
        #expect(try await second.next() == nil)
        let third = try scene.open()
        try await scene.asked.nextWriter().finish()
        #expect(try await third.next() == nil)
        await scene.close()
    }

    /// Silence would keep the asker waiting.
    @Test(arguments: Kit.allCases) func aWriterThatIsLetGoSaysSo(kit: Kit) async throws {
        let scene = try StreamScene(kit.make())
        let stream = try scene.open()
        try await scene.asked.nextWriter().send(0)
        #expect(try await stream.next()?.number == 0)
        let failure = await #expect(throws: Failure.self) { try await stream.next() }
        #expect(failure?.code == .internal)
        await scene.close()
    }

    @Test(arguments: Kit.allCases) func streamsFail(kit: Kit) async throws {
        let scene = try StreamScene(kit.make())
        let stream = try scene.open(parts: 1)
        let writer = try await scene.asked.nextWriter()
        let failure = Failure(.unavailable, "the model was unloaded")
        try await writer.send(0)
        // An end needs no credit.
        writer.fail(failure)
        #expect(!writer.isCancelled)
        #expect(throws: MessagingError.invalidMessage(reason: "the answer has ended")) { try writer.trySend(1) }
        #expect(try await stream.next()?.number == 0)
        await #expect(throws: failure) { try await stream.next() }
        #expect(try await stream.next() == nil)
        await scene.close()
    }

    /// A task that waits for credit can be cancelled by itself; the answer goes on.
    @Test(arguments: Kit.allCases) func aWriterThatWaitsCanBeCancelled(kit: Kit) async throws {
        let scene = try StreamScene(kit.make())
        let stream = try scene.open(parts: 1)
        let writer = try await scene.asked.nextWriter()
        try await writer.send(0)
        let waiting = Task { try await writer.send(1) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(!writer.isCancelled)
        #expect(try await stream.next()?.number == 0)
        try await writer.send(1)
        writer.finish()
        #expect(try await stream.numbers() == [1])
        await scene.close()
    }

    /// A thread that computes waits where it is, and hears in the middle of it that nobody reads.
    @Test(arguments: Kit.allCases, [true, false]) func threadsMayWriteToo(kit: Kit, isCancelled: Bool) async throws {
        let scene = try StreamScene(kit.make())
        let stream = try scene.open(parts: 2)
        let writer = try await scene.asked.nextWriter()
        let (ended, end) = AsyncStream<(any Error)?>.makeStream()
        Thread.detachNewThread {
            do {
                for number in 0..<100 {
                    try writer.sendBlocking(.document(Document(kind: "\(number)", json: [])))
                }
                writer.finish()
                end.yield(nil)
            } catch {
                end.yield(error)
            }
            end.finish()
        }
        if isCancelled {
            #expect(try await stream.next()?.number == 0)
            await eventually("the parts never came") { stream.held.parts == 2 }
            stream.cancel()
        } else {
            #expect(try await stream.numbers() == Array(0..<100))
        }
        for await error in ended { #expect((error is CancellationError) == isCancelled) }
        await scene.close()
    }

    /// An ordinary request that takes long hears of its end as a stream does.
    @Test(arguments: Kit.allCases) func longWholeAnswersAreCancelledToo(kit: Kit) async throws {
        let kit = kit.make()
        let (server, client) = (try kit.messenger("coordinator"), try kit.messenger("worker-0"))
        let (writers, writer) = AsyncStream<StreamWriter>.makeStream()
        let listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { _, message, responder in
            if case .cancellation = message.envelope.body { Issue.record("the writer is there to hear it") }
            if let open = responder.open() { writer.yield(open) }
        }
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
        let task = Task { try await link.request(Message(StreamScene.question), timeout: .seconds(3600)) }
        var iterator = writers.makeAsyncIterator()
        let cancelled = try #require(await iterator.next())
        #expect(!cancelled.isStream)
        task.cancel()
        await eventually("the writer never heard") { cancelled.isCancelled }
        #expect(throws: CancellationError.self) { try cancelled.trySend(1) }
        _ = await task.result

        let answer = Task { try await link.request(Message(StreamScene.question), timeout: .seconds(3600)) }
        let answering = try #require(await iterator.next())
        try await answering.send(7)
        #expect(try await answer.value.number == 7)
        #expect(throws: MessagingError.invalidMessage(reason: "the answer has ended")) { try answering.trySend(8) }
        await client.shutdown()
        await server.shutdown()
    }

    @Test(arguments: Kit.allCases) func whatIsOnlyToldHasNoAnswer(kit: Kit) async throws {
        let scene = try StreamScene(kit.make())
        try scene.link.send(Message(StreamScene.question))
        let item = try await scene.asked.next()
        #expect(!item.responder.expectsAnswer)
        #expect(item.responder.open() == nil)
        let sent = scene.server.statistics.messagesSent
        try item.responder.answer(.acknowledgement)
        let answer = Task { try await scene.link.request(Message(.probe), timeout: .seconds(3600)) }
        try await scene.asked.next().responder.answer(.acknowledgement)
        #expect(try await answer.value.envelope.body == .acknowledgement)
        await eventually("more or less was sent than one answer") {
            scene.server.statistics.messagesSent == sent + 1
        }
        await scene.close()
    }

    @Test(arguments: Kit.allCases) func aStreamThatWasNeverSentIsNotTakenBack(kit: Kit) async throws {
        let kit = kit.make()
        let client = try kit.messenger("worker-0")
        let endpoint = try await kit.freeEndpoint()
        let link = try client.connect(to: endpoint, remote: "coordinator") { _ in }
        let stream = try link.stream(
            Message(StreamScene.question), credit: .standard, firstPartTimeout: .milliseconds(20),
            betweenParts: .seconds(1))
        await #expect(throws: MessagingError.self) { try await stream.next() }
        let (server, inbox) = (try kit.messenger("coordinator"), Inbox())
        _ = try await server.bindOnceFree(endpoint, admitting: [.worker]) { inbox.put($0, $1) }
        await eventually("connected") { link.isConnected }
        try link.send(Message(.probe))
        #expect(try await inbox.next().message.envelope.body == .probe)
        await client.shutdown()
        await server.shutdown()
    }
}
