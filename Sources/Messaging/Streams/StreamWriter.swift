import Synchronization
package import Wire

/// Sends an answer in parts, no faster than they are read. For one producer.
///
/// It holds no parts: `send` waits until the part at hand may leave. It throws `CancellationError` once nobody reads any
/// more, also while it waits, so a producer that lets the error pass has stopped by its next part. Of an answer that was
/// not asked for as a stream it sends one part, which is the whole. One that is let go without an end tells the other side.
package final class StreamWriter: Sendable {
    private let answer: OpenAnswer
    private let carrier: any StreamCarrier
    /// The number of the last part sent. Held while a part is, so that parts leave in order.
    private let sequence = Mutex<UInt32>(0)

    init(_ answer: OpenAnswer, over carrier: any StreamCarrier) {
        self.answer = answer
        self.carrier = carrier
    }

    deinit {
        fail(Failure(.internal, "the answer was given up before its end"))
    }

    /// Nobody reads any more: by cancellation, by loss of the connection, or because no credit came for too long.
    package var isCancelled: Bool { answer.isCancelled }

    /// Whether parts may be sent, and not the whole only.
    package var isStream: Bool { answer.isStream }

    /// Bytes that the envelope and the payload frames of one part may have together.
    package var largestPart: Int { answer.window?.largestPart ?? carrier.limits.messageBytes }

    /// Sends a part if there is credit for it; false when there is not.
    ///
    /// Throws `CancellationError` when nobody reads any more, and `MessagingError`: `messageTooLarge` for more than a part
    /// may hold, `backlogFull`, after both of which the answer goes on; `timedOut` after the time that credit had to come.
    package func trySend(_ body: Envelope.Body, frames: [Frame] = [], isLast: Bool = false) throws -> Bool {
        try sequence.withLock { sequence in
            let limit = largestPart
            let frameBytes = frames.reduce(0) { $0 + $1.count }
            guard frameBytes <= limit else { throw MessagingError.messageTooLarge(bytes: frameBytes, limit: limit) }
            guard try answer.allows(frameBytes, at: carrier.now) else { return false }
            guard sequence < .max - 1 else {
                throw MessagingError.invalidMessage(reason: "a stream has at most \(UInt32.max) parts")
            }
            let position = isStream ? StreamPosition(sequence: sequence + 1, isLast: isLast) : nil
            let part = Message(Envelope(body, correlationID: answer.messageID, position: position), frames: frames)
            let outgoing = try carrier.prepare(part, to: answer.connection, peer: answer.peer)
            guard outgoing.byteCount <= limit else {
                throw MessagingError.messageTooLarge(bytes: outgoing.byteCount, limit: limit)
            }
            // Only a producer takes credit, and there is one at a time here.
            guard try answer.allows(outgoing.byteCount, at: carrier.now) else { return false }
            try carrier.post(outgoing)
            sequence += 1
            if isStream {
                answer.use(outgoing.byteCount)
                carrier.statistics.answered { $0.parts += 1 }
            }
            if isLast || !isStream { carrier.conclude(answer, .finished) }
            return true
        }
    }

    /// Sends a part when there is credit for it. Throws as `trySend`, and `CancellationError` when the task is cancelled.
    package func send(_ body: Envelope.Body, frames: [Frame] = [], isLast: Bool = false) async throws {
        while try !trySend(body, frames: frames, isLast: isLast) { try await answer.waitForNews() }
    }

    /// Sends a part when there is credit for it, and blocks the thread until then: for threads of one's own, never in a
    /// task. Throws as `trySend`.
    @available(*, noasync)
    package func sendBlocking(_ body: Envelope.Body, frames: [Frame] = [], isLast: Bool = false) throws {
        while try !trySend(body, frames: frames, isLast: isLast) { answer.blockUntilNews() }
    }

    /// The answer has no more parts. Needs no credit, and does nothing after the end.
    package func finish() {
        sequence.withLock { sequence in
            guard carrier.conclude(answer, .finished) else { return }
            let position = isStream ? StreamPosition(sequence: sequence + 1, isLast: true) : nil
            carrier.tell(
                Envelope(.acknowledgement, correlationID: answer.messageID, position: position),
                to: answer.connection, peer: answer.peer)
        }
    }

    /// The answer ends here, and why. Needs no credit, and does nothing after the end.
    package func fail(_ failure: Failure) {
        carrier.conclude(answer, .finished, failure)
    }

    /// Sends the whole answer in place of parts.
    func answerWhole(_ body: Envelope.Body, frames: [Frame]) throws(MessagingError) {
        guard !isCancelled else { return }
        let whole = Message(Envelope(body, correlationID: answer.messageID), frames: frames)
        try sequence.withLock { sequence throws(MessagingError) in
            guard sequence == 0 else { throw .invalidMessage(reason: "the answer has begun in parts") }
            try carrier.post(try carrier.prepare(whole, to: answer.connection, peer: answer.peer))
            carrier.conclude(answer, .finished)
        }
    }

    /// Somebody else answers.
    func release() {
        carrier.conclude(answer, .finished)
    }
}
