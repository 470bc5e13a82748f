import CZeroMQ
package import Logging
package import Wire

/// Messaging over libzmq: one thread that owns every socket, CURVE on every connection.
///
/// Links are DEALER sockets, listeners ROUTER sockets. A listener admits only keys of the keyring, and of those only
/// the roles it was bound for; a link talks only to the holder of the key that the keyring has for its remote.
package final class ZeroMQMessenger: Messenger {
    private let keys: KeyPair
    private let thread: MessagingThread

    /// `identity` is this process's own name, for its log. Throws `cannotStart`.
    package init(
        identity: String, keys: KeyPair, keyring: Keyring, logger: Logger,
        limits: MessagingLimits = MessagingLimits()
    ) throws(MessagingError) {
        var logger = logger
        logger[metadataKey: "node"] = "\(identity)"
        self.keys = keys
        thread = try MessagingThread(keyring: keyring, limits: limits, logger: logger)
        try thread.start()
    }

    deinit {
        thread.stop()
    }

    /// From now on the keys of this keyring are known, and no others: for processes that listen before they know who
    /// will come. Connections that are open stay.
    package func use(_ keyring: Keyring) {
        thread.authentication.replace(keyring)
    }

    package var statistics: MessagingStatistics { thread.statistics.snapshot }

    package func connect(
        to endpoint: String, remote: String, handler: @escaping @Sendable (Message, Responder) -> Void
    ) throws(MessagingError) -> any Link {
        guard let server = thread.authentication.keyring.key(of: remote) else {
            throw .cannotConnect(endpoint: endpoint, reason: "the keyring has no key for '\(remote)'")
        }
        let socket = try thread.context.socket(ZMQ_DEALER)
        socket.configure(thread.limits, keys: keys)
        socket.configureLink(to: server, keys: keys)
        socket.allowIPv6(at: endpoint)
        guard zmq_connect(socket.pointer, endpoint) == 0 else {
            throw .cannotConnect(endpoint: endpoint, reason: "\(ZeroMQError.current)")
        }
        let channel = Channel(
            id: thread.nextChannelID(), name: remote, endpoint: endpoint, kind: .link(handler), socket: socket,
            thread: thread)
        try thread.open(channel)
        return ZeroMQLink(channel, thread)
    }

    package func bind(
        _ endpoint: String, admitting roles: Set<Role>,
        handler: @escaping @Sendable (Peer, Message, Responder) -> Void, settled: @escaping @Sendable () -> Void
    ) throws(MessagingError) -> any Listener {
        let id = thread.nextChannelID()
        let domain = "listener-\(id)"
        let socket = try thread.context.socket(ZMQ_ROUTER)
        socket.configure(thread.limits, keys: keys)
        socket.configureListener(domain: domain)
        socket.allowIPv6(at: endpoint)
        thread.authentication.open(domain: domain, roles: roles)
        guard zmq_bind(socket.pointer, endpoint) == 0 else {
            let error = ZeroMQError.current
            thread.authentication.close(domain: domain)
            throw .cannotBind(endpoint: endpoint, reason: "\(error)")
        }
        let bound = socket.lastEndpoint
        let channel = Channel(
            id: id, name: domain, endpoint: bound, kind: .listener(handler, settled: settled), socket: socket,
            thread: thread)
        try thread.open(channel)
        return ZeroMQListener(channel, thread)
    }

    package func shutdown() async {
        thread.stop()
        await thread.ended()
    }
}
