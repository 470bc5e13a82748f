import Wire

extension Channel: StreamCarrier {
    var channelID: UInt64 { id }
    var limits: MessagingLimits { thread.limits }
    var statistics: StatisticsCounter { thread.statistics }
    var now: UInt64 { Time.monotonic }

    func nextMessageID() -> UInt64 { thread.nextMessageID() }

    func prepare(_ message: Message, to connection: UInt32, peer: String) throws(MessagingError) -> Outgoing {
        try thread.outgoing(message, on: self, connection: connection, peer: peer)
    }

    func post(_ outgoing: Outgoing) throws(MessagingError) {
        try thread.post(.send(self, outgoing), outgoing.peer)
    }

    func tell(_ envelope: Envelope, to connection: UInt32, peer: String) {
        // Refused only after the end, when nobody is there to hear it.
        try? thread.mailbox.post(
            .send(self, .notice(envelope, to: connection, peer: peer, limits: limits)), isControl: true)
    }

    func ask(_ message: Message, _ request: PendingRequests<Completion>.Request) throws(MessagingError) {
        let peer = request.completion.peer
        let outgoing = try prepare(message, to: request.destination.connection, peer: peer)
        try thread.post(.request(self, outgoing, request), peer)
    }

    func withdraw(_ messageID: UInt64) {
        thread.cancel(messageID)
    }

    /// On the messaging thread, as `responder` is.
    func startSweeping() {
        if sweepTime == .max { sweepTime = now.saturatingAdd(sweepInterval.nanoseconds) }
    }

    /// Ends the streams that stand still, and finds out which askers are there. A link hears of a lost connection; a
    /// listener does when it sends to one, and whoever makes a long part sends nothing for long.
    func lookAfterStreams() {
        sweep()
        sweepTime = openAnswers.isEmpty ? .max : now.saturatingAdd(sweepInterval.nanoseconds)
        guard !isLink else { return }
        var tested: Set<UInt32> = []
        for answer in openAnswers.all where answer.isStream && tested.insert(answer.connection).inserted {
            tell(Envelope(.probe, correlationID: answer.messageID), to: answer.connection, peer: answer.peer)
        }
    }
}
