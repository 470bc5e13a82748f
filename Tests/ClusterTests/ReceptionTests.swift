import Foundation
import Logging
import Messaging
import Synchronization
import Testing
import Wire

@testable import ClusterProtocol
@testable import JobProtocol
@testable import Coordinator

/// What becomes of messages before the control loop sees them.
@Suite struct ReceptionTests {
    private let folder = try! TemporaryFolder()
    private let network = InMemoryNetwork()

    private func progress(step: Int) throws -> Message {
        try Message(
            Document(
                ProgressReport(
                    job: "digits-1", generation: 1, epoch: 1, epochs: 3, step: step, steps: 1000, loss: 0.5,
                    samplesPerSecond: 1, secondsLeft: 1)))
    }

    @Test func aFloodOfProgressKeepsNeitherHeartbeatsNorOperatorsOut() async throws {
        let inbox = ControlLoop.Inbox(limits: .init(elements: 16, ofSender: 16))
        let vault = try Vault(root: folder.url.appending(path: "store"), chunkLimit: 4, jobLimit: 1)
        defer { vault.close() }
        let reception = Reception(
            inbox: inbox, vault: vault, correspondence: Correspondence(logger: .silent), logger: .silent)
        for step in 0..<1000 { reception.take(try progress(step: step), from: .example("worker-0")) }
        reception.take(
            Message(.heartbeat(Heartbeat(incarnation: 1, cpuPercent: 0, residentBytes: 0))), from: .example("worker-0"))
        reception.take(
            try Message(Document(CancelJob(id: "digits-1"))),
            from: .example("operator", .operator))
        inbox.close()
        var kinds: [String] = []
        while let input = await inbox.next() {
            guard case .message(_, let message) = input else { continue }
            kinds.append(message.document?.kind ?? "heartbeat")
        }
        #expect(kinds.prefix(3) == ["heartbeat", "operator.cancel", "progress"])
        #expect(kinds.count == 18)
    }

    /// Messages that went back to a peer for one told and one asked one.
    @Test func whatIsOnlyToldIsNotAnswered() async throws {
        let cluster = try TestCluster()
        try await cluster.withCoordinator { _ in
            let messenger = InMemoryMessenger(network: cluster.network, identity: "worker-0", role: .worker)
            let link = try messenger.connect(to: TestCluster.endpoint, remote: "coordinator") { _ in }
            for step in 0..<50 { try link.send(try progress(step: step)) }
            try link.send(Message(.document(Document(kind: "nonsense", json: []))))
            try link.send(Message(.acknowledgement))
            let error = await #expect(throws: Failure.self) {
                try await link.request(
                    Message(Document(kind: "nonsense", ShowStatus())), timeout: .seconds(30))
            }
            #expect(error?.code == .invalidArgument)
            let statistics = messenger.statistics
            #expect(statistics.messagesReceived == 1)
            #expect(statistics.dropped.isEmpty)
        }
    }

    @Test func anAnswerThatIsTooLargeIsAnErrorThatIsSeen() async throws {
        let correspondence = Correspondence(logger: .silent)
        let coordinator = InMemoryMessenger(network: network, identity: "coordinator", role: .coordinator)
        correspondence.open(
            try coordinator.bind("inproc://large", admitting: [.operator]) { peer, message in
                let bytes = message.document?.kind == "huge" ? Message.documentBytes + 1 : WireLimits.documentBytes + 1
                correspondence.answer(
                    message.envelope, from: peer,
                    with: Document(kind: "large", json: [UInt8](repeating: 0x20, count: bytes)))
            })
        let messenger = InMemoryMessenger(network: network, identity: "operator", role: .operator)
        let link = try messenger.connect(to: "inproc://large", remote: "coordinator") { _ in }
        let answer = try await link.request(
            Message(Document(kind: "more than an envelope", json: [0x20])), timeout: .seconds(30))
        #expect(answer.document?.json.count == WireLimits.documentBytes + 1)
        let error = await #expect(throws: Failure.self) {
            try await link.request(Message(Document(kind: "huge", json: [0x20])), timeout: .seconds(30))
        }
        #expect(
            error?.message
                == "the answer has \(Message.documentBytes + 1) bytes, and a message holds at most \(Message.documentBytes)"
        )
    }
}
