import Wire

/// What answers and streams need of the channel that they go over: a link or a listener of either messenger.
protocol StreamCarrier: AnyObject, Sendable {
    var channelID: UInt64 { get }
    var limits: MessagingLimits { get }
    var statistics: StatisticsCounter { get }
    /// Answers that are being made to those at the other end.
    var openAnswers: OpenAnswers { get }
    /// Nanoseconds on the clock that deadlines are counted by.
    var now: UInt64 { get }

    func nextMessageID() -> UInt64
    /// Encodes a message that answers or tells. It counts towards the peer's backlog as long as it is held.
    func prepare(_ message: Message, to connection: UInt32, peer: String) throws(MessagingError) -> Outgoing
    /// Queues what was prepared.
    func post(_ outgoing: Outgoing) throws(MessagingError)
    /// Queues a small message of the messenger's own making, which must not get lost: no backlog counts it.
    func tell(_ envelope: Envelope, to connection: UInt32, peer: String)
    /// Sends a request that waits for its end, under its message id.
    func ask(_ message: Message, _ request: PendingRequests<Completion>.Request) throws(MessagingError)
    /// Whoever made this request waits no more.
    func withdraw(_ messageID: UInt64)
    /// Calls `sweep` again and again as long as streams are open.
    func startSweeping()
}

extension StreamCarrier {
    func openStream(
        _ message: Message, to connection: UInt32, peer: String, credit: StreamCredit, firstPartTimeout: Duration,
        betweenParts: Duration
    ) throws(MessagingError) -> MessageStream {
        guard firstPartTimeout > .zero, betweenParts > .zero else {
            throw .timedOut(peer: peer, after: min(firstPartTimeout, betweenParts))
        }
        var message = message
        let messageID = nextMessageID()
        message.envelope.messageID = messageID
        message.envelope.credit = credit
        if message.envelope.timeout == nil { message.envelope.timeout = firstPartTimeout }
        let opened = now
        let buffer = StreamBuffer(
            window: credit, peer: peer, openedAt: opened, firstPartTimeout: firstPartTimeout,
            betweenParts: betweenParts, statistics: statistics)
        let request = PendingRequests<Completion>.Request(
            messageID: messageID, destination: ConnectionKey(channel: channelID, connection: connection),
            deadline: opened.saturatingAdd(firstPartTimeout.nanoseconds),
            completion: Completion(
                waiter: .stream(buffer), peer: peer, timeout: firstPartTimeout, isCancellable: true))
        statistics.asked {
            $0.opened += 1
            $0.open += 1
        }
        do throws(MessagingError) {
            try ask(message, request)
        } catch {
            statistics.asked {
                $0.opened -= 1
                $0.open -= 1
            }
            throw error
        }
        return MessageStream(buffer, over: self, connection: connection, messageID: messageID)
    }
}
