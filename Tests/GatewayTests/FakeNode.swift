import Cluster
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
        /// Says nothing.
        case silence
    }

    let name: String
    private let messenger: InMemoryMessenger
    private let listener = Mutex<(any Listener)?>(nil)
    private let behaviour = Mutex<@Sendable (Message) -> Answer>({ _ in .sums() })
    private let received = Mutex<[Message]>([])

    init(_ name: String, on network: InMemoryNetwork) throws {
        self.name = name
        messenger = InMemoryMessenger(network: network, identity: name, role: .inference)
        let bound = try messenger.bind("memory://\(name)", admitting: [.gateway]) { [weak self] in self?.take($1, $0) }
        listener.withLock { $0 = bound }
    }

    var requests: [Message] { received.withLock { $0 } }
    var node: RoutingTable.Node { RoutingTable.Node(name: name, endpoint: "memory://\(name)") }

    func answer(_ behaviour: @escaping @Sendable (Message) -> Answer) {
        self.behaviour.withLock { $0 = behaviour }
    }

    private func take(_ message: Message, _ peer: Peer) {
        received.withLock { $0.append(message) }
        guard case .inferRequest(let request) = message.envelope.body else { return }
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
