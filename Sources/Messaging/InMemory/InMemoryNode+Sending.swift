import Dispatch
import Wire

extension InMemoryNode {
    /// A message as bytes and copied frames, counted in `backlog` until it has arrived or is lost.
    func outgoing(
        _ message: Message, connection: UInt32, backlog: Backlog, peer: String
    ) throws(MessagingError) -> Outgoing {
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
            messageID: message.envelope.messageID, peer: peer, connection: connection, byteCount: byteCount,
            envelope: envelope, frames: frames, backlog: backlog)
    }

    /// Registers a request, sends it and waits for its end.
    func request(
        _ message: Message, to destination: ConnectionKey, peer: String, timeout: Duration,
        on network: InMemoryNetwork, send: @escaping (Message, UInt64) throws(MessagingError) -> Void
    ) async throws -> Message {
        guard timeout > .zero else { throw MessagingError.timedOut(peer: peer, after: timeout) }
        try Task.checkCancellation()
        let messageID = nextMessageID()
        var message = message
        // The whole answer is waited for.
        message.envelope.credit = nil
        if message.envelope.timeout == nil { message.envelope.timeout = timeout }
        let isCancellable = message.envelope.body.isCancellable
        let deadline = network.now.saturatingAdd(timeout.nanoseconds)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                insert(
                    .init(
                        messageID: messageID, destination: destination, deadline: deadline,
                        completion: Completion(
                            waiter: .answer(continuation), peer: peer, timeout: timeout, isCancellable: isCancellable)))
                do throws(MessagingError) {
                    try send(message, messageID)
                    startTimer(on: network)
                    if Task.isCancelled { cancel(messageID, network) }
                } catch {
                    take(messageID)?.completion.fail(error)
                }
            }
        } onCancel: {
            cancel(messageID, network)
        }
    }

    func cancel(_ messageID: UInt64, _ network: InMemoryNetwork) {
        guard let request = take(messageID) else { return }
        network.giveUp([request], of: self)
        request.completion.end(with: CancellationError())
    }
}
