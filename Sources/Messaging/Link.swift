package import Wire

/// A connection this process opened. It reconnects by itself; what was asked before a break is asked again by the
/// caller, never silently here.
package protocol Link: Sendable {
    /// The listener's name in the keyring.
    var remote: String { get }

    /// Whether the connection is up now. Requests that were on their way when it broke fail with `notConnected` at
    /// once; those made while it is down wait for it until they time out.
    var isConnected: Bool { get }

    /// Queues one message and returns; never blocks. The receiver sees that no answer is awaited.
    func send(_ message: Message) throws(MessagingError)

    /// Sends and waits for the message that answers it. A `failure` body is thrown as `Failure`; throws
    /// `MessagingError.timedOut` after `timeout`, which travels in the envelope. Where a request that asks for much work
    /// ends without its answer, by its time or with its task, whoever was asked gets a `cancellation`.
    func request(_ message: Message, timeout: Duration) async throws -> Message

    /// Sends and returns what comes in answer as a stream. Its parts are read one after the other; of those not yet read
    /// no more than `credit` are on their way or here, so a slow reader stops the other side.
    ///
    /// The stream throws `timedOut` when the first part does not come within `firstPartTimeout`, which travels in the
    /// envelope, or the next not within `betweenParts` of when everything before it was read. However it ends before its
    /// last part, also by being let go, whoever was asked gets a `cancellation`. A peer that knows no streams answers
    /// whole: that is one part.
    func stream(
        _ message: Message, credit: StreamCredit, firstPartTimeout: Duration, betweenParts: Duration
    ) throws(MessagingError) -> MessageStream

    func close()
}
