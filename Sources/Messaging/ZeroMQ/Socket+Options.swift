import CZeroMQ
import Wire

extension Socket {
    /// What links and listeners have in common.
    func configure(_ limits: MessagingLimits, keys: KeyPair) {
        // What was sent just before closing may still leave, for this many milliseconds.
        set(ZMQ_LINGER, 250 as Int32)
        // `Backlog` bounds what waits, by bytes and by count. With a limit of its own libzmq would refuse at another.
        set(ZMQ_SNDHWM, 0 as Int32)
        set(ZMQ_RCVHWM, Int32(limits.receivedPerTurn))
        // Encryption adds a few bytes to each frame.
        set(ZMQ_MAXMSGSIZE, Int64(max(limits.frameBytes, WireLimits.documentEnvelopeBytes)) + 1024)
        set(ZMQ_HANDSHAKE_IVL, 10_000 as Int32)
        // A peer whose machine or network went away is noticed within five seconds, also when no one sends to it.
        set(ZMQ_HEARTBEAT_IVL, 1000 as Int32)
        set(ZMQ_HEARTBEAT_TIMEOUT, 5000 as Int32)
        set(ZMQ_HEARTBEAT_TTL, 5000 as Int32)
        set(ZMQ_TCP_KEEPALIVE, 1 as Int32)
        set(ZMQ_TCP_KEEPALIVE_IDLE, 30 as Int32)
        set(ZMQ_TCP_KEEPALIVE_INTVL, 10 as Int32)
        set(ZMQ_TCP_KEEPALIVE_CNT, 3 as Int32)
        set(ZMQ_CURVE_SECRETKEY, keys.secretKey.bytes)
    }

    /// Only where the endpoint has an address of IPv6, which stands in brackets: with it libzmq would write addresses of
    /// IPv4 in another form.
    func allowIPv6(at endpoint: String) {
        if endpoint.hasPrefix("tcp://[") { set(ZMQ_IPV6, 1 as Int32) }
    }

    /// A link: sends only over a connection that is up, so that nothing asked of one connection reaches the next.
    func configureLink(to server: PublicKey, keys: KeyPair) {
        set(ZMQ_IMMEDIATE, 1 as Int32)
        set(ZMQ_RECONNECT_IVL, 50 as Int32)
        set(ZMQ_RECONNECT_IVL_MAX, 500 as Int32)
        keys.publicKey.bytes.withUnsafeBytes { set(ZMQ_CURVE_PUBLICKEY, $0) }
        server.bytes.withUnsafeBytes { set(ZMQ_CURVE_SERVERKEY, $0) }
    }

    /// A listener: asks `ConnectionAuthentication` about every key, under the name of this domain.
    func configureListener(domain: String) {
        set(ZMQ_ROUTER_MANDATORY, 1 as Int32)
        set(ZMQ_CURVE_SERVER, 1 as Int32)
        set(ZMQ_ZAP_DOMAIN, domain)
    }
}
