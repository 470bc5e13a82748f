import Foundation
import Logging
import Messaging
import Testing
import Wire

@testable import Nodes
@testable import Serving

/// What gateways hear of their requests.
@Suite(.timeLimit(.minutes(10))) struct RequestDeskTests {
    private struct Scene {
        let model: TrainedModel
        let server: ModelServer
        let gateway: InMemoryMessenger
        let link: any Link

        func request(rows: Int) -> Message {
            Message(
                .inferRequest(
                    InferRequest(
                        model: model.key.model, version: String(model.key.version),
                        inputs: [TensorDescription(name: "input", datatype: .fp32, shape: [rows, model.rawColumns])],
                        outputs: ["logits"])),
                frames: [model.rawRows(rows).withUnsafeBytes { Frame(copying: $0) }])
        }
    }

    /// A gateway's link to a desk whose messages are bounded so.
    private func withDesk(
        limits: MessagingLimits = MessagingLimits(), _ body: (Scene) async throws -> Void
    ) async throws {
        let network = InMemoryNetwork()
        let node = InMemoryMessenger(network: network, identity: "inference-0", role: .inference, limits: limits)
        let gateway = InMemoryMessenger(network: network, identity: "gateway-0", role: .gateway)
        let model = TrainedModel()
        let (store, manifest) = try model.publish()
        let server = ModelServer(limits: ServingLimits(maximumBatchRows: 8, queueRows: 1024))
        try await server.load(model.key, manifest: manifest, from: store)
        let desk = RequestDesk(server: server, logger: Logger(label: "desk") { _ in SwiftLogNoOpLogHandler() })
        _ = try node.bind(
            "memory://inference-0", admitting: [.gateway], handler: { desk.receive($1, from: $0, $2) },
            settled: { desk.settled() })
        let link = try gateway.connect(to: "memory://inference-0", remote: "inference-0") { _ in }
        try await body(Scene(model: model, server: server, gateway: gateway, link: link))
        await gateway.shutdown()
        await node.shutdown()
        await server.drain(within: .seconds(5))
        try FileManager.default.removeItem(at: model.folder)
    }

    /// Silence would keep the gateway, and its client, waiting for an answer that cannot come.
    @Test func anAnswerThatIsTooLargeBecomesAnError() async throws {
        var limits = MessagingLimits()
        limits.frameBytes = 1200
        try await withDesk(limits: limits) { scene async throws in
            #expect(try await scene.link.request(scene.request(rows: 100), timeout: .seconds(30)).frames.count == 1)
            let failure = await #expect(throws: Failure.self) {
                try await scene.link.request(scene.request(rows: 101), timeout: .seconds(30))
            }
            #expect(failure?.code == .invalidArgument)
            #expect(failure?.message.hasPrefix("the answer is 1212 bytes, expected at most 1200") == true)
        }
    }

    /// The gateway that takes a request back hears no more of it, and the next one has its place.
    @Test func whatAGatewayTakesBackEnds() async throws {
        try await withDesk { scene async throws in
            let gate = Gate()
            let raw = scene.model.rawRows(1)
            let held = InferRequest(
                model: scene.model.key.model, version: String(scene.model.key.version),
                inputs: [TensorDescription(name: "input", datatype: .fp32, shape: [1, scene.model.rawColumns])])
            scene.server.submit(held, frames: [raw.withUnsafeBytes { Frame(copying: $0) }], deadline: nil) { _ in
                gate.block()
            }
            gate.waitUntilBlocked()
            let message = scene.request(rows: 100)
            let task = Task { try await scene.link.request(message, timeout: .seconds(3600)) }
            while scene.server.queuedRows < 100 { await Task.yield() }
            task.cancel()
            while scene.server.queuedRows > 0 { await Task.yield() }
            await #expect(throws: CancellationError.self) { try await task.value }
            gate.open()
            #expect(try await scene.link.request(scene.request(rows: 1), timeout: .seconds(30)).frames.count == 1)
            #expect(scene.server.statistics.cancelledRequests == 1)
            #expect(scene.gateway.statistics.dropped[.lateAnswer, default: 0] == 0)
        }
    }

    /// The time that a request has counts from its arrival, by the node's own clock.
    @Test func aRequestsTimeIsALengthOfTime() async throws {
        try await withDesk { scene async throws in
            var message = scene.request(rows: 1)
            message.envelope.timeout = .microseconds(1)
            let failure = await #expect(throws: Failure.self) {
                try await scene.link.request(message, timeout: .seconds(30))
            }
            #expect(failure?.code == .deadlineExceeded)
            message.envelope.timeout = .seconds(20)
            #expect(try await scene.link.request(message, timeout: .seconds(30)).frames.count == 1)
        }
    }

    @Test func aNodeSaysThatItLives() async throws {
        try await withDesk { scene async throws in
            let answer = try await scene.link.request(Message(.probe), timeout: .seconds(30))
            #expect(answer.envelope.body == .acknowledgement)
        }
    }
}
