import Testing
import Wire
import WireFuzzing

@testable import Messaging

/// Random messages of streams, right and wrong, at either side: nothing traps, nothing holds more than its window, and
/// every stream ends.
@Suite(.timeLimit(.minutes(10))) struct StreamFuzzTests {
    private let network = InMemoryNetwork(delivery: .manual)

    private func messenger(_ name: String) -> InMemoryMessenger {
        InMemoryMessenger(network: network, identity: name, role: TestCluster.roles[name]!)
    }

    private func frames(_ random: inout SplitMix64) -> [Frame] {
        let count = Int.random(in: 0...600, using: &random)
        return count < 100 ? [] : [Frame(copying: [UInt8](repeating: 0, count: count))]
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func askersTakeWhateverComes(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let (server, client) = (messenger("coordinator"), messenger("worker-0"))
        let inbox = Inbox()
        let listener = try server.bind("tcp://127.0.0.1:1", admitting: [.worker]) { inbox.put($0, $1) }
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
        for _ in 0..<25 {
            let window = StreamCredit(
                parts: Int.random(in: 1...6, using: &random), bytes: Int.random(in: 1...2500, using: &random))
            let stream = try link.stream(
                Message(StreamScene.question), credit: window, firstPartTimeout: .seconds(10),
                betweenParts: .seconds(1))
            network.deliver()
            let item = try await question(in: inbox)
            let (peer, messageID) = (try #require(item.peer), item.message.envelope.messageID)
            var (sequence, read) = (0 as UInt32, 0)
            var isOver = false
            for _ in 0..<60 where !isOver {
                if let answer = answer(to: messageID, &sequence, &random) {
                    try? listener.send(Message(answer, frames: frames(&random)), to: peer)
                }
                if Int.random(in: 0..<20, using: &random) == 0 { network.advance(by: .milliseconds(600)) }
                if Int.random(in: 0..<40, using: &random) == 0 { stream.cancel() }
                if Bool.random(using: &random) { network.deliver() }
                let held = stream.held
                // A whole answer is bounded by the limits of messages, and comes alone.
                #expect(held.parts <= window.parts && (held.bytes <= window.bytes || held.parts == 1))
                if held.parts > 0, Bool.random(using: &random) {
                    do {
                        let part = try await stream.next()
                        read += 1
                        if let position = part?.envelope.position { #expect(Int(position.sequence) == read) }
                    } catch {
                        isOver = true
                    }
                }
            }
            network.deliver()
            network.advance(by: .seconds(20))
            network.deliver()
            stream.cancel()
            network.deliver()
            #expect(client.statistics.askedStreams.open == 0)
            #expect(client.pendingRequests == 0)
        }
        await client.shutdown()
        await server.shutdown()
    }

    /// The next request; cancellations and grants of what was before are passed over.
    private func question(in inbox: Inbox) async throws -> Inbox.Item {
        while true {
            let item = try await inbox.next()
            if case .inferRequest = item.message.envelope.body { return item }
        }
    }

    /// Mostly what should come.
    private func answer(
        to messageID: UInt64, _ sequence: inout UInt32, _ random: inout SplitMix64
    ) -> Envelope? {
        let body = Envelope.Body.document(Document(kind: "x", json: []))
        func part(_ number: UInt32, of messageID: UInt64, isLast: Bool = false) -> Envelope {
            Envelope(body, correlationID: messageID, position: StreamPosition(sequence: number, isLast: isLast))
        }
        switch Int.random(in: 0..<40, using: &random) {
        case 0: return part(sequence, of: messageID)
        case 1: return part(sequence &+ UInt32.random(in: 2...9, using: &random), of: messageID)
        case 2: return part(.random(in: 0 ... .max, using: &random), of: messageID)
        case 3: return part(sequence &+ 1, of: messageID &+ UInt64.random(in: 1...9, using: &random))
        case 4: return Envelope(body, correlationID: messageID)
        case 5: return Envelope(.failure(Failure(.internal, "no")), correlationID: messageID)
        case 6: return Envelope(.probe, correlationID: messageID)
        case 7: return Envelope(.cancellation(Cancellation(messageID: messageID)))
        case 8:
            return Envelope(.creditGrant(CreditGrant(messageID: messageID, credit: StreamCredit(parts: 1, bytes: 1))))
        case 9: return part(sequence &+ 1, of: messageID, isLast: true)
        case 10:
            return Envelope(
                .acknowledgement, correlationID: messageID,
                position: StreamPosition(sequence: sequence &+ 1, isLast: true))
        case 11..<15: return nil
        default:
            sequence &+= 1
            return part(sequence, of: messageID)
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func writersTakeWhateverComes(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let (server, client) = (messenger("coordinator"), messenger("worker-0"))
        let asked = Asked()
        let listener = try server.bind("tcp://127.0.0.1:1", admitting: [.worker]) { asked.put($0, $1, $2) }
        let link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
        for _ in 0..<25 {
            let window = StreamCredit(
                parts: Int.random(in: 1...6, using: &random), bytes: Int.random(in: 200...2500, using: &random))
            let stream = try link.stream(
                Message(StreamScene.question), credit: window, firstPartTimeout: .seconds(100),
                betweenParts: .seconds(100))
            network.deliver()
            var item = try await asked.next()
            while !item.responder.takesParts { item = try await asked.next() }
            let (writer, messageID) = (try #require(item.responder.open()), item.message.envelope.messageID)
            for _ in 0..<60 {
                for _ in 0..<3 {
                    let isLast = Int.random(in: 0..<50, using: &random) == 0
                    do {
                        _ = try writer.trySend(.acknowledgement, frames: frames(&random), isLast: isLast)
                    } catch {
                        #expect(error is MessagingError || error is CancellationError)
                    }
                }
                if let told = told(of: messageID, &random) { try? link.send(Message(told)) }
                if Int.random(in: 0..<30, using: &random) == 0 { network.advance(by: .seconds(20)) }
                if Bool.random(using: &random) { network.deliver() }
                let held = stream.held
                #expect(held.parts <= window.parts && held.bytes <= window.bytes)
                if held.parts > 0, Bool.random(using: &random) { _ = try? await stream.next() }
            }
            if Bool.random(using: &random) { writer.finish() } else { stream.cancel() }
            network.deliver()
            stream.cancel()
            network.deliver()
            #expect(server.statistics.answeredStreams.open == 0)
            #expect(client.statistics.askedStreams.open == 0)
            withExtendedLifetime(item) {}
        }
        await client.shutdown()
        await server.shutdown()
    }

    /// What no honest asker says.
    private func told(of messageID: UInt64, _ random: inout SplitMix64) -> Envelope? {
        let other = messageID &+ UInt64.random(in: 1...9, using: &random)
        func grant(_ messageID: UInt64) -> Envelope {
            let credit = StreamCredit(
                parts: Int.random(in: 0...3, using: &random), bytes: Int.random(in: 0...500, using: &random))
            return Envelope(.creditGrant(CreditGrant(messageID: messageID, credit: credit)))
        }
        switch Int.random(in: 0..<30, using: &random) {
        case 0: return grant(messageID)
        case 1: return grant(other)
        case 2: return Envelope(.cancellation(Cancellation(messageID: other)))
        case 3: return Envelope(.cancellation(Cancellation(messageID: messageID)))
        case 4:
            return Envelope(
                .acknowledgement, correlationID: other, position: StreamPosition(sequence: 1, isLast: false))
        default: return nil
        }
    }
}
