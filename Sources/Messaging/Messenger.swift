package import Wire

/// A process's messaging. `ZeroMQMessenger` owns one thread and all sockets; `InMemoryMessenger` is its twin for tests.
///
/// Handlers run on the messaging thread, one at a time and in order of arrival: they must not block or compute. Hand
/// work on through a bounded queue, or through a `Task` for rare control messages. Messages that answer a `request`
/// go to its caller and never to the handler. The `Responder` beside a message is the way back to its sender.
package protocol Messenger: Sendable {
    /// Opens a link to the listener called `remote` at `endpoint`, whose key the keyring knows.
    func connect(
        to endpoint: String, remote: String, handler: @escaping @Sendable (Message, Responder) -> Void
    ) throws(MessagingError) -> any Link

    /// Binds `endpoint` (`tcp://127.0.0.1:0` picks a port) and admits keyring entries of these roles, no one else.
    ///
    /// `settled` is called on the messaging thread after `handler` was, once no more messages are there at the moment:
    /// the time to do together what many messages asked for.
    func bind(
        _ endpoint: String, admitting roles: Set<Role>,
        handler: @escaping @Sendable (Peer, Message, Responder) -> Void, settled: @escaping @Sendable () -> Void
    ) throws(MessagingError) -> any Listener

    /// Closes every link and listener, fails what still waits with `MessagingError.closed`, ends the thread.
    func shutdown() async
}

extension Messenger {
    package func bind(
        _ endpoint: String, admitting roles: Set<Role>,
        handler: @escaping @Sendable (Peer, Message, Responder) -> Void
    ) throws(MessagingError) -> any Listener {
        try bind(endpoint, admitting: roles, handler: handler, settled: {})
    }
}

/// Handlers that answer by the ids of messages, or not at all.
extension Messenger {
    package func connect(
        to endpoint: String, remote: String, handler: @escaping @Sendable (Message) -> Void
    ) throws(MessagingError) -> any Link {
        try connect(to: endpoint, remote: remote) { message, responder in
            responder.release()
            handler(message)
        }
    }

    package func bind(
        _ endpoint: String, admitting roles: Set<Role>, handler: @escaping @Sendable (Peer, Message) -> Void,
        settled: @escaping @Sendable () -> Void = {}
    ) throws(MessagingError) -> any Listener {
        try bind(
            endpoint, admitting: roles,
            handler: { peer, message, responder in
                responder.release()
                handler(peer, message)
            }, settled: settled)
    }
}
