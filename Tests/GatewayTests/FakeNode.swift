import ClusterProtocol
import Digests
import Foundation
import Messaging
import Synchronization
import Testing
import Wire

/// An inference node that answers as the test says.
final class FakeNode: Sendable {
    enum Answer: Sendable {
        /// Two logits for each row: the row's sum, and minus that.
        case sums(queuedRows: UInt32 = 0)
        case failure(Failure)
        /// Says nothing to requests: it lives, and works on them.
        case silence
    }

    let name: String
    private let messenger: InMemoryMessenger
    private let listener = Mutex<(any Listener)?>(nil)
    private let behaviour = Mutex<@Sendable (Message) -> Answer>({ _ in .sums() })
    private let received = Mutex<[Message]>([])
    private let cancelled = Mutex<[UInt64]>([])
    private let probes = Mutex(0)
    /// Does not answer probes either: it is stopped.
    private let isStopped = Atomic(false)

    init(_ name: String, on network: InMemoryNetwork) throws {
        self.name = name
        messenger = InMemoryMessenger(network: network, identity: name, role: .inference)
        let bound = try messenger.bind("memory://\(name)", admitting: [.gateway]) { [weak self] in self?.take($1, $0) }
        listener.withLock { $0 = bound }
    }

    /// Requests for inference.
    var requests: [Message] { received.withLock { $0 } }
    /// Ids of the requests that were taken back.
    var cancellations: [UInt64] { cancelled.withLock { $0 } }
    var probeCount: Int { probes.withLock { $0 } }
    var node: RoutingTable.Node { RoutingTable.Node(name: name, endpoint: "memory://\(name)") }

    func answer(_ behaviour: @escaping @Sendable (Message) -> Answer) {
        self.behaviour.withLock { $0 = behaviour }
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    private func take(_ message: Message, _ peer: Peer) {
        if case .probe = message.envelope.body {
            probes.withLock { $0 += 1 }
            if !isStopped.load(ordering: .relaxed) { send(Message(answering: message, .acknowledgement), peer) }
        }
        if case .cancellation(let cancellation) = message.envelope.body {
            cancelled.withLock { $0.append(cancellation.messageID) }
        }
        guard case .inferRequest(let request) = message.envelope.body else { return }
        received.withLock { $0.append(message) }
        switch behaviour.withLock({ $0 })(message) {
        case .silence: break
        case .failure(let failure): send(Message(answering: message, .failure(failure)), peer)
        case .sums(let queuedRows):
            let rows = request.inputs[0].shape[0]
            let values = message.frames[0].withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
            let width = values.count / rows
            let logits = (0..<rows).flatMap { row -> [Float] in
                let sum = values[(row * width)..<(row * width + width)].reduce(0, +)
                return [sum, -sum]
            }
            let labels = (0..<rows).flatMap { row -> [UInt8] in
                [3, 0, 0, 0] + Array((logits[2 * row] >= 0 ? "yes" : "no ").utf8)
            }
            let all: [(TensorDescription, Frame)] = [
                (
                    TensorDescription(name: "logits", datatype: .fp32, shape: [rows, 2]),
                    logits.withUnsafeBytes { Frame(copying: $0) }
                ),
                (TensorDescription(name: "label", datatype: .bytes, shape: [rows]), Frame(copying: labels)),
            ]
            let wanted = all.filter { request.outputs.isEmpty || request.outputs.contains($0.0.name) }
            let response = InferResponse(
                model: request.model, version: request.version, digest: TestGateway.digest.description,
                outputs: wanted.map(\.0),
                queuedRows: queuedRows)
            send(Message(answering: message, .inferResponse(response), frames: wanted.map(\.1)), peer)
        }
    }

    private func send(_ message: Message, _ peer: Peer) {
        do throws(MessagingError) {
            try listener.withLock { $0 }?.send(message, to: peer)
        } catch .notConnected {
            // The gateway went away and needs no answer.
        } catch {
            Issue.record("\(name) could not answer: \(error)")
        }
    }
}
