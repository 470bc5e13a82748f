/// How much of a streamed answer may be on its way: what its reader has room for.
package struct StreamCredit: Sendable, Equatable {
    package var parts: Int
    /// Of the parts' envelopes and payload frames together.
    package var bytes: Int

    package init(parts: Int, bytes: Int) {
        self.parts = parts
        self.bytes = bytes
    }

    package static let zero = StreamCredit(parts: 0, bytes: 0)
}

/// So much of the stream that answers the sender's request was read, and may be used again.
package struct CreditGrant: Sendable, Equatable {
    /// Of the request.
    package var messageID: UInt64
    package var credit: StreamCredit

    package init(messageID: UInt64, credit: StreamCredit) {
        self.messageID = messageID
        self.credit = credit
    }
}
