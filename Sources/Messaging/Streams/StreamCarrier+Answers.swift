import Wire

/// What happens to the answers that this side makes.
extension StreamCarrier {
    /// The way back to whoever sent this message; nil for a stream that was refused, which its sender is told.
    func responder(to envelope: Envelope, from connection: UInt32, peer: String) -> Responder? {
        var writer: StreamWriter?
        if let credit = envelope.credit {
            guard let opened = openAnswer(to: envelope.messageID, from: connection, peer: peer, window: credit) else {
                return nil
            }
            writer = opened
            startSweeping()
        }
        return Responder(
            carrier: self, connection: connection, peer: peer, messageID: envelope.messageID, writer: writer)
    }

    func openAnswer(
        to messageID: UInt64, from connection: UInt32, peer: String, window: StreamCredit?
    ) -> StreamWriter? {
        let answer = OpenAnswer(
            to: messageID, from: peer, connection: connection, window: window, creditTimeout: limits.creditTimeout)
        switch openAnswers.insert(answer, limit: limits.openStreams) {
        case .refused:
            statistics.answered { $0.refused += 1 }
            let failure = Failure(
                .queueFull,
                "expected at most \(limits.openStreams) open streams from '\(peer)', got one more: try again when one "
                    + "has ended")
            tell(Envelope(.failure(failure), correlationID: messageID), to: connection, peer: peer)
            return nil
        case .opened(let forgotten):
            if answer.isStream {
                statistics.answered {
                    $0.opened += 1
                    $0.open += 1
                }
            }
            if let forgotten { conclude(forgotten, .cancelled) }
            return StreamWriter(answer, over: self)
        }
    }

    /// Whether the message was for the writer of an answer, and has been seen to.
    func takes(_ body: Envelope.Body, from connection: UInt32) -> Bool {
        switch body {
        case .creditGrant(let grant):
            if let answer = openAnswers.answer(to: grant.messageID, of: connection), !answer.grant(grant.credit) {
                conclude(
                    answer, .broken,
                    Failure(
                        .invalidArgument,
                        "expected no more credit than was used, got \(grant.credit.parts) parts and "
                            + "\(grant.credit.bytes) bytes"))
            }
            return true
        case .cancellation(let cancellation):
            guard let answer = openAnswers.answer(to: cancellation.messageID, of: connection) else { return false }
            conclude(answer, .cancelled)
            return true
        default: return false
        }
    }

    /// Whoever asked over this connection, or over any, is gone.
    func loseAsker(at connection: UInt32? = nil) {
        for answer in openAnswers.all where connection == nil || answer.connection == connection {
            conclude(answer, .cancelled)
        }
    }

    /// Ends the streams whose parts wait for credit too long.
    func sweep() {
        let now = self.now
        for answer in openAnswers.all where answer.isStalled(at: now) {
            conclude(
                answer, .timedOut,
                Failure(
                    .deadlineExceeded, "no part of the answer could be sent for \(limits.creditTimeout): read faster"))
        }
    }

    /// How often to `sweep`.
    var sweepInterval: Duration { max(limits.creditTimeout / 8, .milliseconds(1)) }

    /// Ends an answer, and says so where there is something to say. Nothing happens to one that has ended. False then.
    @discardableResult
    func conclude(_ answer: OpenAnswer, _ end: OpenAnswer.End, _ failure: Failure? = nil) -> Bool {
        guard answer.end(end) else { return false }
        openAnswers.remove(answer)
        if answer.isStream {
            statistics.answered {
                $0.open -= 1
                switch end {
                case .finished: break
                case .cancelled: $0.cancelled += 1
                case .timedOut: $0.timedOut += 1
                case .broken: $0.broken += 1
                }
            }
        }
        if let failure {
            tell(
                Envelope(.failure(failure), correlationID: answer.messageID), to: answer.connection, peer: answer.peer)
        }
        return true
    }
}
