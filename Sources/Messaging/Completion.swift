import Wire

/// How the caller of a request learns of its end.
struct Completion: Sendable {
    let continuation: CheckedContinuation<Message, any Error>
    let peer: String
    let timeout: Duration
    /// Whoever was asked shall hear when nobody waits any more.
    let isCancellable: Bool

    func fail(_ error: MessagingError) {
        continuation.resume(throwing: error)
    }

    func timedOut() {
        fail(.timedOut(peer: peer, after: timeout))
    }

    /// A failure is thrown, everything else returned.
    func succeed(with message: Message) {
        if case .failure(let failure) = message.envelope.body {
            continuation.resume(throwing: failure)
        } else {
            continuation.resume(returning: message)
        }
    }
}
