import Wire

/// How those who asked learn of the answer.
struct Completion: Sendable {
    enum Waiter: Sendable {
        case answer(CheckedContinuation<Message, any Error>)
        case stream(StreamBuffer)
    }

    let waiter: Waiter
    let peer: String
    let timeout: Duration
    /// Whoever was asked shall hear when nobody waits any more.
    let isCancellable: Bool

    var isStream: Bool {
        if case .stream = waiter { true } else { false }
    }

    func fail(_ error: MessagingError) {
        end(with: error)
    }

    func end(with error: any Error) {
        switch waiter {
        case .answer(let continuation): continuation.resume(throwing: error)
        case .stream(let buffer): buffer.end(with: error)
        }
    }

    func timedOut() {
        switch waiter {
        case .answer: fail(.timedOut(peer: peer, after: timeout))
        case .stream(let buffer): buffer.timedOut()
        }
    }

    /// Of a stream whose deadline has come: when it really is, if that is later.
    func laterDeadline(at now: UInt64) -> UInt64? {
        guard case .stream(let buffer) = waiter else { return nil }
        let deadline = buffer.deadline(at: now)
        return deadline > now ? deadline : nil
    }

    /// The whole answer has come. A failure is thrown, everything else returned.
    static func succeed(_ continuation: CheckedContinuation<Message, any Error>, with message: Message) {
        if case .failure(let failure) = message.envelope.body {
            continuation.resume(throwing: failure)
        } else if message.envelope.position != nil {
            continuation.resume(
                throwing: Failure(
                    .dataCorrupted, "the answer is of no use: it is part of a stream, and the whole was asked for"))
        } else {
            continuation.resume(returning: message)
        }
    }
}
