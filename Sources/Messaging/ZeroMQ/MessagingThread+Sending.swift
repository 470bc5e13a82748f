import Synchronization
import Foundation
import Wire

extension MessagingThread {
    /// Encodes and queues one message that nobody's answer is awaited to: it has no message id.
    func send(_ message: Message, on channel: Channel, connection: UInt32, peer: String) throws(MessagingError) {
        var message = message
        message.envelope.messageID = 0
        try post(.send(channel, outgoing(message, on: channel, connection: connection, peer: peer)), peer)
    }

    func request(
        _ message: Message, on channel: Channel, connection: UInt32, peer: String, timeout: Duration
    ) async throws -> Message {
        guard timeout > .zero else { throw MessagingError.timedOut(peer: peer, after: timeout) }
        try Task.checkCancellation()
        var message = message
        let messageID = nextMessageID()
        message.envelope.messageID = messageID
        // The whole answer is waited for.
        message.envelope.credit = nil
        if message.envelope.timeout == nil { message.envelope.timeout = timeout }
        let isCancellable = message.envelope.body.isCancellable
        let outgoing = try outgoing(message, on: channel, connection: connection, peer: peer)
        let deadline = Time.monotonic.saturatingAdd(timeout.nanoseconds)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let request = PendingRequests<Completion>.Request(
                    messageID: messageID, destination: .init(channel: channel.id, connection: connection),
                    deadline: deadline,
                    completion: Completion(
                        waiter: .answer(continuation), peer: peer, timeout: timeout, isCancellable: isCancellable))
                do throws(MessagingError) {
                    try post(.request(channel, outgoing, request), peer)
                    // A cancellation that came before the request was posted had nothing to cancel.
                    if Task.isCancelled { cancel(messageID) }
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        } onCancel: {
            cancel(messageID)
        }
    }

    func cancel(_ messageID: UInt64) {
        // Refused only after the end, when nothing is pending any more.
        try? mailbox.post(.cancel(messageID: messageID), isControl: true)
    }

    func post(_ command: Command, _ peer: String) throws(MessagingError) {
        do throws(Mailbox<Command>.Refusal) {
            try mailbox.post(command)
        } catch {
            switch error {
            case .closed: throw .closed
            case .full:
                statistics.refusedBacklog()
                throw .backlogFull(peer: peer)
            }
        }
    }

    func outgoing(
        _ message: Message, on channel: Channel, connection: UInt32, peer: String
    ) throws(MessagingError) -> Outgoing {
        guard channel.isOpen.load(ordering: .relaxed) else { throw .closed }
        let envelope = try message.encodedEnvelope(limits)
        let byteCount = message.frames.reduce(envelope.count) { $0 + $1.count }
        guard byteCount <= limits.messageBytes else {
            throw .messageTooLarge(bytes: byteCount, limit: limits.messageBytes)
        }
        guard channel.backlog.reserve(bytes: byteCount, for: connection) else {
            statistics.refusedBacklog()
            throw .backlogFull(peer: peer)
        }
        return Outgoing(
            messageID: message.envelope.messageID, peer: peer, connection: connection, byteCount: byteCount,
            envelope: envelope,
            frames: message.frames, backlog: channel.backlog)
    }
}
