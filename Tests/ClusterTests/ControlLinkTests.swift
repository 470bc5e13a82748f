import Foundation
import Messaging
import Synchronization
import Testing
import Wire

@testable import ClusterProtocol

/// What a node says when it joins, against a coordinator that a test plays.
@Suite(.timeLimit(.minutes(10))) struct ControlLinkTests {
    /// Answers every join, in order, with what the test wants; knows nobody.
    private final class Desk: Sendable {
        private let listener = Mutex<(any Listener)?>(nil)
        private let answers: Mutex<[Envelope.Body]>
        let joins: AsyncStream<Join>
        private let join: AsyncStream<Join>.Continuation
        /// Closes when it goes.
        private let messenger: InMemoryMessenger

        init(_ answers: [Envelope.Body], on network: InMemoryNetwork) throws {
            self.answers = Mutex(answers)
            (joins, join) = AsyncStream.makeStream()
            messenger = InMemoryMessenger(network: network, identity: "coordinator", role: .coordinator)
            let listener = try messenger.bind(TestCluster.endpoint, admitting: [.worker]) { [self] peer, message in
                let answer: Envelope.Body
                switch message.envelope.body {
                case .join(let join):
                    self.join.yield(join)
                    answer = self.answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
                default: answer = .heartbeatReply(HeartbeatReply(known: false))
                }
                let listener = self.listener.withLock { $0 }
                try? listener?.send(
                    Message(Envelope(answer, correlationID: message.envelope.messageID)), to: peer)
            }
            self.listener.withLock { $0 = listener }
        }
    }

    /// One that asks once: the desk gives one answer after the other.
    private func link(_ messenger: InMemoryMessenger, incarnation: UInt64 = 7) throws -> ControlLink {
        try ControlLink(
            messenger: messenger, coordinatorEndpoint: TestCluster.endpoint,
            description: NodeDescription(name: "worker-0", role: .worker, endpoint: "test://worker-0"),
            incarnation: incarnation, attemptTimeout: .seconds(600), logger: .silent,
            report: { NodeReport(activity: "idle") }, handler: { _ in })
    }

    private static let joined = Envelope.Body.joined(
        Joined(clusterID: "first", heartbeatInterval: .milliseconds(1)))

    private func messenger(on network: InMemoryNetwork) -> InMemoryMessenger {
        InMemoryMessenger(network: network, identity: "worker-0", role: .worker)
    }

    /// And a refusal does not end what it does.
    @Test func aNodeThatJoinsAgainSaysWhichClusterItWasIn() async throws {
        let network = InMemoryNetwork()
        let refusal = Envelope.Body.failure(Failure(.permissionDenied, "another cluster"))
        let desk = try Desk([Self.joined, refusal], on: network)
        let messenger = messenger(on: network)
        let link = try link(messenger)
        let running = Task { try await link.run() }
        var joins = desk.joins.makeAsyncIterator()
        for cluster in ["", "first", "first", "first"] {
            let join = await joins.next()
            #expect(join?.clusterID == cluster && join?.incarnation == 7)
        }
        running.cancel()
        _ = await running.result
        await messenger.shutdown()
    }

    /// Its folder is gone, so it counts from one again, and the process before it has not been given up yet.
    @Test func aNodeThatStartsWaitsForItsName() async throws {
        let network = InMemoryNetwork()
        let taken = Envelope.Body.failure(Failure(.failedPrecondition, "a newer process"))
        let desk = try Desk([taken, taken, Self.joined], on: network)
        let messenger = messenger(on: network)
        let link = try link(messenger, incarnation: 1)
        let running = Task { try await link.run() }
        var joins = desk.joins.makeAsyncIterator()
        for cluster in ["", "", "", "first"] { #expect(await joins.next()?.clusterID == cluster) }
        running.cancel()
        _ = await running.result
        await messenger.shutdown()
    }

    /// What is repeated until it is acknowledged must not be taken for done because of some other answer, nor be repeated
    /// for ever because of one.
    @Test func onlyAnAcknowledgementAcknowledges() async throws {
        let network = InMemoryNetwork()
        let desk = try Desk([Self.joined], on: network)
        let messenger = messenger(on: network)
        let link = try link(messenger)
        let error = await #expect(throws: Failure.self) {
            try await link.call(RoutingPosition(source: nil, epoch: 1))
        }
        #expect(error?.code == .internal)
        #expect(error?.message == "'routed' was answered with something else than an acknowledgement")
        await messenger.shutdown()
        withExtendedLifetime(desk) {}
    }

    @Test func aMemberWhoseNameIsTakenEnds() async throws {
        let network = InMemoryNetwork()
        let taken = Envelope.Body.failure(Failure(.failedPrecondition, "a newer process"))
        let desk = try Desk([Self.joined, taken], on: network)
        let messenger = messenger(on: network)
        let link = try link(messenger)
        let error = await #expect(throws: Failure.self) { try await link.run() }
        #expect(error?.code == .failedPrecondition)
        await messenger.shutdown()
        withExtendedLifetime(desk) {}
    }
}
