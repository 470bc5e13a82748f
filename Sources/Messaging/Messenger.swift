package import Wire

/// A whole message: the envelope frame and the payload frames behind it.
package struct Message: Sendable {
    package var envelope: Envelope
    package var frames: [Frame]

    package init(_ envelope: Envelope, frames: [Frame] = []) {
        self.envelope = envelope
        self.frames = frames
    }

    package init(_ body: Envelope.Body, frames: [Frame] = []) {
        self.init(Envelope(body), frames: frames)
    }
}

package enum MessagingError: Error, Sendable, Equatable {
    /// The bounded queue towards this peer is full; nothing was queued.
    case backlogFull(peer: String)
    case timedOut(peer: String, after: Duration)
    case notConnected(peer: String)
    case closed
    case cannotBind(endpoint: String, reason: String)
    case cannotConnect(endpoint: String, reason: String)
    case messageTooLarge(bytes: Int, limit: Int)
    /// The message breaks a rule of the protocol; nothing was queued.
    case invalidMessage(reason: String)
    /// The system gave no context, descriptor or thread.
    case cannotStart(reason: String)
}

/// A connection this process opened. It reconnects by itself; what was asked before a break is asked again by the
/// caller, never silently here.
package protocol Link: Sendable {
    /// The listener's name in the keyring.
    var remote: String { get }

    /// Whether the connection is up now. Requests that were on their way when it broke fail with `notConnected` at
    /// once; those made while it is down wait for it until they time out.
    var isConnected: Bool { get }

    /// Queues one message and returns; never blocks. The receiver sees that no answer is awaited.
    func send(_ message: Message) throws(MessagingError)

    /// Sends and waits for the message that answers it. A `failure` body is thrown as `Failure`; throws
    /// `MessagingError.timedOut` after `timeout`, which travels in the envelope. Where a request that asks for much work
    /// ends without its answer, by its time or with its task, whoever was asked gets a `cancellation`.
    func request(_ message: Message, timeout: Duration) async throws -> Message

    func close()
}

/// A bound address that admits peers by key.
package protocol Listener: Sendable {
    /// The address peers connect to, with the real port where 0 was asked for.
    var endpoint: String { get }

    /// Queues one message for a connected peer; never blocks.
    func send(_ message: Message, to peer: Peer) throws(MessagingError)

    func request(_ message: Message, to peer: Peer, timeout: Duration) async throws -> Message

    func close()
}

/// A process's messaging. `ZeroMQMessenger` owns one thread and all sockets; `InMemoryMessenger` is its twin for tests.
///
/// Handlers run on the messaging thread, one at a time and in order of arrival: they must not block or compute. Hand
/// work on through a bounded queue, or through a `Task` for rare control messages. Messages that answer a `request`
/// go to its caller and never to the handler.
package protocol Messenger: Sendable {
    /// Opens a link to the listener called `remote` at `endpoint`, whose key the keyring knows.
    func connect(
        to endpoint: String, remote: String, handler: @escaping @Sendable (Message) -> Void
    ) throws(MessagingError) -> any Link

    /// Binds `endpoint` (`tcp://127.0.0.1:0` picks a port) and admits keyring entries of these roles, no one else.
    ///
    /// `settled` is called on the messaging thread after `handler` was, once no more messages are there at the moment:
    /// the time to do together what many messages asked for.
    func bind(
        _ endpoint: String, admitting roles: Set<Role>, handler: @escaping @Sendable (Peer, Message) -> Void,
        settled: @escaping @Sendable () -> Void
    ) throws(MessagingError) -> any Listener

    /// Closes every link and listener, fails what still waits with `MessagingError.closed`, ends the thread.
    func shutdown() async
}

extension Messenger {
    package func bind(
        _ endpoint: String, admitting roles: Set<Role>, handler: @escaping @Sendable (Peer, Message) -> Void
    ) throws(MessagingError) -> any Listener {
        try bind(endpoint, admitting: roles, handler: handler, settled: {})
    }
}
