import Dispatch
import Wire

extension InMemoryNode {
    /// A message as bytes and copied frames, counted in `backlog` until it has arrived or is lost.
    func outgoing(
        _ message: Message, messageID: UInt64, connection: UInt32, backlog: Backlog, peer: String
    ) throws(MessagingError) -> Outgoing {
        var message = message
        message.envelope.messageID = messageID
        let envelope = try message.encodedEnvelope(limits)
        let byteCount = message.frames.reduce(envelope.count) { $0 + $1.count }
        guard byteCount <= limits.messageBytes else {
            throw .messageTooLarge(bytes: byteCount, limit: limits.messageBytes)
        }
        guard backlog.reserve(bytes: byteCount, for: connection) else {
            statistics.refusedBacklog()
            throw .backlogFull(peer: peer)
        }
        let frames = message.frames.map { frame in frame.withUnsafeBytes { Frame(copying: $0) } }
        return Outgoing(
            messageID: messageID, peer: peer, connection: connection, byteCount: byteCount, envelope: envelope,
            frames: frames,
            backlog: backlog)
    }

    /// A message of the messenger's own making, which no backlog counts.
    func notice(_ envelope: Envelope, to peer: String, connection: UInt32) -> Outgoing {
        var envelope = envelope
        envelope.messageID = nextMessageID()
        guard let bytes = try? Message(envelope).encodedEnvelope(limits) else {
            preconditionFailure("what a messenger itself says can be encoded")
        }
        return Outgoing(
            messageID: envelope.messageID, peer: peer, connection: connection, byteCount: bytes.count, envelope: bytes,
            frames: [], backlog: nil)
    }

    /// Registers a request, sends it and waits for its end.
    func request(
        _ message: Message, to destination: PendingRequests<Completion>.Destination, peer: String, timeout: Duration,
        on network: InMemoryNetwork, send: @escaping (Message, UInt64) throws(MessagingError) -> Void
    ) async throws -> Message {
        guard timeout > .zero else { throw MessagingError.timedOut(peer: peer, after: timeout) }
        try Task.checkCancellation()
        let messageID = nextMessageID()
        var message = message
        if message.envelope.timeout == nil { message.envelope.timeout = timeout }
        let isCancellable = message.envelope.body.isCancellable
        let deadline = network.now.saturatingAdd(timeout.nanoseconds)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                insert(
                    .init(
                        messageID: messageID, destination: destination, deadline: deadline,
                        completion: Completion(
                            continuation: continuation, peer: peer, timeout: timeout, isCancellable: isCancellable)))
                do throws(MessagingError) {
                    try send(message, messageID)
                    if network.delivery == .automatic { expireLater(timeout, on: network) }
                    if Task.isCancelled { cancel(messageID, destination, network) }
                } catch {
                    take(messageID)?.fail(error)
                }
            }
        } onCancel: {
            cancel(messageID, destination, network)
        }
    }

    private func expireLater(_ timeout: Duration, on network: InMemoryNetwork) {
        let nanoseconds = Int(clamping: timeout.nanoseconds)
        queue.asyncAfter(deadline: .now() + .nanoseconds(nanoseconds)) {
            network.expire(self, at: network.now)
        }
    }

    private func cancel(
        _ messageID: UInt64, _ destination: PendingRequests<Completion>.Destination, _ network: InMemoryNetwork
    ) {
        guard let completion = take(messageID) else { return }
        network.giveUp(
            [.init(messageID: messageID, destination: destination, deadline: 0, completion: completion)], of: self)
        completion.continuation.resume(throwing: CancellationError())
    }
}
