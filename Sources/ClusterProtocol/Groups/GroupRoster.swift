import Explanations
package import Messaging
import Synchronization
package import Wire

/// The process group that this worker is in, as its peers see it: their frames go straight to it, and they learn here
/// whether this worker has entered a generation yet.
package final class GroupRoster: Sendable {
    /// A group that this process is in.
    package struct Entry: Sendable {
        package let id: UInt64
        /// Of its ranks, in their order.
        package let names: [String]
        /// Takes in what a rank sends.
        package let deliver: @Sendable (TensorSegment, Frame) -> Void

        package init(id: UInt64, names: [String], deliver: @escaping @Sendable (TensorSegment, Frame) -> Void) {
            self.id = id
            self.names = names
            self.deliver = deliver
        }
    }

    private let current = Mutex<Entry?>(nil)
    private let listener = Mutex<(any Listener)?>(nil)

    package init() {}

    /// Binds an address for the other workers.
    package func listen(_ endpoint: String, messenger: any Messenger) throws -> any Listener {
        let bound = try messenger.bind(endpoint, admitting: [.worker]) { [self] peer, message in
            receive(message, from: peer)
        }
        listener.withLock { $0 = bound }
        return bound
    }

    package func enter(_ entry: Entry) {
        current.withLock { $0 = entry }
    }

    package func leave(_ group: UInt64) {
        current.withLock { if $0?.id == group { $0 = nil } }
    }

    private func receive(_ message: Message, from peer: Peer) {
        switch message.envelope.body {
        case .tensorSegment(let segment):
            deliver(segment, message.frames, from: peer)
        case .document(let document) where document.kind == MessageKind.hello.rawValue:
            let listener = listener.withLock { $0 }
            // A hello that is not answered is repeated.
            try? listener?.send(
                Message(Envelope(answer(to: document), correlationID: message.envelope.messageID)), to: peer)
        default: break
        }
    }

    /// Takes in one frame, if it comes from the worker that holds the rank it claims. Frames of a generation that is
    /// over are late, and nobody waits for them.
    private func deliver(_ segment: TensorSegment, _ frames: [Frame], from peer: Peer) {
        let group = current.withLock { $0 }
        guard let group, group.id == segment.group, frames.count == 1,
            group.names.indices.contains(Int(segment.sender)), group.names[Int(segment.sender)] == peer.name
        else { return }
        group.deliver(segment, frames[0])
    }

    /// What peers ask; their frames go past it.
    static let handlers = MessageHandlers<GroupRoster>(of: "a worker's peer") { handlers in
        handlers.on(GroupHello.self) { roster, hello in try roster.check(hello) }
    }

    /// Throws why the peer must wait, or must not take part.
    private func check(_ hello: GroupHello) throws(Failure) {
        guard hello.codeVersion == codeVersion else {
            throw Failure(
                .failedPrecondition,
                "all workers must run the same version: this one runs \(codeVersion), "
                    + "rank \(hello.rank) \(hello.codeVersion)")
        }
        guard current.withLock({ $0?.id }) == hello.group else {
            throw Failure(.unavailable, "generation \(hello.group) has not begun here")
        }
    }

    private func answer(to document: Document) -> Envelope.Body {
        do {
            try Self.handlers.take(document, in: self)
            return .acknowledgement
        } catch {
            return .failure(error as? Failure ?? Failure(.internal, error.explanation))
        }
    }
}
