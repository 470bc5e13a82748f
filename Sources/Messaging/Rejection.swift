import Wire

/// What is owed to those who wait because of a message that cannot be used, so that they need not wait for a timeout.
enum Rejection {
    /// It was a request: its sender is told why it will not be handled.
    case answer(Envelope)
    /// It was an answer: its request ends with this failure.
    case failed(messageID: UInt64, Failure)

    /// Nil for a message whose header cannot be read, and for one that nobody waits on.
    init?(of envelope: UnsafeRawBufferPointer, reason: String, isVersion: Bool) {
        guard let header = try? EnvelopeHeader(scanning: envelope) else { return nil }
        if header.correlationID != 0 {
            let failure = Failure(isVersion ? .protocolMismatch : .dataCorrupted, "the answer is of no use: \(reason)")
            self = .failed(messageID: header.correlationID, failure)
        } else if header.messageID != 0 {
            let failure = Failure(isVersion ? .protocolMismatch : .invalidArgument, reason)
            self = .answer(Envelope(.failure(failure), correlationID: header.messageID))
        } else {
            return nil
        }
    }
}

extension MessagingStatistics.Drop {
    init(_ error: WireError) {
        self =
            switch error {
            case .malformed, .invalid: .malformed
            case .tooLarge: .oversized
            case .version: .otherVersion
            }
    }
}

extension WireError {
    var isVersion: Bool {
        if case .version = self { true } else { false }
    }
}
