import Wire

/// A message on its way out. libzmq reads its frames where they lie and holds on to it until the last of them is
/// encrypted; then it counts no longer towards the peer's backlog.
final class Outgoing: Sendable {
    let messageID: UInt64
    /// The receiver's name.
    let peer: String
    let connection: UInt32
    let byteCount: Int
    let envelope: Frame
    let frames: [Frame]
    private let backlog: Backlog?

    /// `backlog`, where there is one, must have been reserved for these bytes.
    init(
        messageID: UInt64, peer: String, connection: UInt32, byteCount: Int, envelope: Frame, frames: [Frame],
        backlog: Backlog?
    ) {
        self.messageID = messageID
        self.peer = peer
        self.connection = connection
        self.byteCount = byteCount
        self.envelope = envelope
        self.frames = frames
        self.backlog = backlog
    }

    /// A small message of the messenger's own making, which no backlog counts.
    static func notice(_ envelope: Envelope, to connection: UInt32, peer: String, limits: MessagingLimits) -> Outgoing {
        guard let bytes = try? Message(envelope).encodedEnvelope(limits) else {
            preconditionFailure("what a messenger itself says can be encoded")
        }
        return Outgoing(
            messageID: 0, peer: peer, connection: connection, byteCount: bytes.count, envelope: bytes, frames: [],
            backlog: nil)
    }

    deinit {
        backlog?.release(bytes: byteCount, for: connection)
    }
}
