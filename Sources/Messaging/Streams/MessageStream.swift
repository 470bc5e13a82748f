package import Wire

/// The parts of an answer, in order, as they come. Read by one task at a time. Letting go of it, cancelling the task that
/// reads, or `cancel` stops the other side; what has not been read is thrown away.
package final class MessageStream: AsyncSequence, Sendable {
    package typealias Element = Message

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let stream: MessageStream

        package mutating func next() async throws -> Message? {
            try await stream.next()
        }
    }

    private let buffer: StreamBuffer
    private let carrier: any StreamCarrier
    private let connection: UInt32
    private let messageID: UInt64

    init(_ buffer: StreamBuffer, over carrier: any StreamCarrier, connection: UInt32, messageID: UInt64) {
        self.buffer = buffer
        self.carrier = carrier
        self.connection = connection
        self.messageID = messageID
    }

    deinit {
        cancel()
    }

    /// Parts that have come and were not read, and their bytes: never more than the credit that was granted.
    package var held: StreamCredit { buffer.held }

    package func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

    /// The next part; nil after the last. Waits for it. A `failure` of the other side is thrown as `Failure`, once.
    package func next() async throws -> Message? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { reader in
                guard let credit = buffer.read(reader, at: carrier.now) else { return }
                let grant = CreditGrant(messageID: messageID, credit: credit)
                carrier.tell(Envelope(.creditGrant(grant)), to: connection, peer: buffer.peer)
            }
        } onCancel: {
            cancel()
        }
    }

    package func cancel() {
        if buffer.cancel() { carrier.withdraw(messageID) }
    }
}
