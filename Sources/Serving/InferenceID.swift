/// What a request is called by whoever sent it, who may want to take it back.
package struct InferenceID: Hashable, Sendable {
    /// The connection it came over.
    package let connection: UInt64
    package let messageID: UInt64

    package init(connection: UInt64, messageID: UInt64) {
        self.connection = connection
        self.messageID = messageID
    }
}
