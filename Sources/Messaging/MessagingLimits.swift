import Wire

/// What one peer may make this process hold, and how long it may stay away.
package struct MessagingLimits: Sendable {
    /// Bytes of one payload frame. libzmq closes the connection of a peer that announces a larger one.
    package var frameBytes = 64 << 20
    /// Payload frames of one message.
    package var frames = WireLimits.tensors
    /// Bytes of one message, all frames together.
    package var messageBytes = 128 << 20
    /// Messages to one peer that are not yet encrypted for the wire.
    package var backlogMessages = 4096
    /// Bytes to one peer that are not yet encrypted for the wire.
    package var backlogBytes = 256 << 20
    /// Commands from all callers that the thread has not yet taken.
    package var mailbox = 65_536
    /// Threads of libzmq that encrypt and decrypt, each for some of the connections.
    package var encryptionThreads = 1
    /// Bytes of freed memory that the process keeps instead of giving them back to the system; nil: what the C library
    /// does by itself. libzmq takes memory for every frame several times and frees it at once, so without this large
    /// frames mean new pages, which the system clears first.
    package var retainedBytes: Int?
    /// Messages received from one socket before the others get their turn.
    package var receivedPerTurn = 256

    /// Streams that the other end of one connection may have open here.
    package var openStreams = 256
    /// How long a part of an answer may wait for credit: how slow a reader may be.
    package var creditTimeout = Duration.seconds(30)

    /// How long a link may be down before it is connected from the start. libzmq reconnects by itself within half a
    /// second, but gives up on an address where it was refused, or met something that is no ZeroMQ peer.
    package var reconnectInterval = Duration.seconds(5)

    package init() {}

    /// For processes that send one another tensors all the time.
    package static var largeFrames: MessagingLimits {
        var limits = MessagingLimits()
        limits.retainedBytes = 16 << 20
        return limits
    }
}
