import DequeModule
import Wire

/// A link as the network knows it.
struct InMemoryLinkState {
    let node: InMemoryNode
    let remote: String
    let endpoint: String
    let handler: @Sendable (Message, Responder) -> Void
    let carrier: InMemoryLink
    /// Nil while the connection is down.
    var connection: UInt32?
    var waiting: Deque<Outgoing> = []
}

/// A listener as the network knows it.
struct InMemoryListenerState {
    let id: UInt64
    let node: InMemoryNode
    let roles: Set<Role>
    let handler: @Sendable (Peer, Message, Responder) -> Void
    let carrier: InMemoryListener
}

/// A message between two nodes.
struct InMemoryPacket: Sendable {
    enum Direction {
        case toListener, toLink
    }

    let link: UInt64
    let connection: UInt32
    let direction: Direction
    let outgoing: Outgoing
}

extension Outgoing {
    /// The message as the other side reads it from the bytes.
    func decoded() throws(WireError) -> Message {
        let envelope = try envelope.withUnsafeBytes { bytes throws(WireError) in try Envelope(decoding: bytes) }
        return Message(envelope, frames: frames)
    }
}
