package import Messaging

extension Link {
    /// Asks, and waits for the answer that belongs to the message.
    /// - Throws: `Failure` as the other side gave it, or where it answered with something else; `MessagingError`; what
    ///   the JSON encoder says.
    @discardableResult
    package func call<M: ClusterMessage>(_ message: M, timeout: Duration) async throws -> M.Answer {
        try M.Answer(try await request(Message(message), timeout: timeout), answering: M.kind)
    }

    /// Sends what may get lost, and what nobody answers.
    package func tell(_ message: some ClusterMessage<Acknowledged>) throws {
        try send(Message(message))
    }
}
