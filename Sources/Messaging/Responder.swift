package import Wire

/// The way back to whoever sent a message. Given to the handler beside it, and kept for as long as the answer takes.
package struct Responder: Sendable {
    private let carrier: any StreamCarrier
    private let connection: UInt32
    private let peer: String
    private let messageID: UInt64
    private let writer: StreamWriter?

    init(
        carrier: any StreamCarrier, connection: UInt32, peer: String, messageID: UInt64, writer: StreamWriter?
    ) {
        self.carrier = carrier
        self.connection = connection
        self.peer = peer
        self.messageID = messageID
        self.writer = writer
    }

    /// Whether anyone waits: nobody does for what was only told.
    package var expectsAnswer: Bool { messageID != 0 }

    /// Whether the answer may come in parts.
    package var takesParts: Bool { writer != nil }

    /// Sends the whole answer. Does nothing for what was only told, or when nobody reads the stream any more. What is too
    /// large, or has no room to wait, is refused by an error, after which another answer can be given.
    package func answer(_ body: Envelope.Body, frames: [Frame] = []) throws(MessagingError) {
        guard expectsAnswer else { return }
        if let writer { return try writer.answerWhole(body, frames: frames) }
        let answer = Message(Envelope(body, correlationID: messageID), frames: frames)
        try carrier.post(try carrier.prepare(answer, to: connection, peer: peer))
    }

    /// Begins an answer that takes long or has many parts, and is given through the writer alone from here on. The writer
    /// hears when nobody waits any more, in place of the handler: for a request that wants its answer whole this must be
    /// called in the handler, lest that was heard before. Nil for what was only told.
    package func open() -> StreamWriter? {
        guard expectsAnswer else { return nil }
        return writer ?? carrier.openAnswer(to: messageID, from: connection, peer: peer, window: nil)
    }

    /// This is answered whole, if at all, by `answer` or by the ids of the message. That nobody waits any more comes to
    /// the handler, as a `cancellation`.
    package func release() {
        writer?.release()
    }
}
