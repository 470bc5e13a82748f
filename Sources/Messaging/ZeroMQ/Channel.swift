import DequeModule
import Synchronization
import Wire

/// One socket with what belongs to it: what callers may ask about it, and what only the messaging thread knows.
final class Channel: @unchecked Sendable {
    enum Kind {
        case link(@Sendable (Message, Responder) -> Void)
        case listener(@Sendable (Peer, Message, Responder) -> Void, settled: @Sendable () -> Void)
    }

    /// Unique within the messenger.
    let id: UInt64
    /// The remote's name for a link, the domain for a listener.
    let name: String
    /// The address that was connected to or bound.
    let endpoint: String
    let kind: Kind
    let backlog: Backlog
    let thread: MessagingThread
    let openAnswers = OpenAnswers()
    let isOpen = Atomic(true)
    /// Of a link: whether its connection is up.
    let isConnected = Atomic(false)

    // From here on for the messaging thread only.

    var socket: Socket
    let descriptor: Int32
    /// Something may have happened since the socket's events were last asked for.
    var unsettled = true
    /// Of a link: what waits for the connection to come up.
    var waiting: Deque<Outgoing> = []
    /// Of a link: when to try from the start if the connection is not up by then.
    var reconnectTime: UInt64 = .max
    /// When to look after the streams that are open here.
    var sweepTime: UInt64 = .max
    /// Of a listener: the peers heard of, by connection. A cache: cleared when it has grown large.
    var peers: [UInt32: Peer] = [:]

    init(
        id: UInt64, name: String, endpoint: String, kind: Kind, socket: consuming Socket, thread: MessagingThread
    ) {
        self.id = id
        self.name = name
        self.endpoint = endpoint
        self.kind = kind
        self.thread = thread
        backlog = Backlog(messages: thread.limits.backlogMessages, bytes: thread.limits.backlogBytes)
        descriptor = socket.descriptor
        self.socket = socket
    }

    var isLink: Bool {
        if case .link = kind { true } else { false }
    }
}
