package import Messaging
package import Wire

extension Document {
    /// Throws what the JSON encoder says.
    package init(_ message: some ClusterMessage) throws {
        try self.init(type(of: message).kind, message)
    }
}

extension Message {
    /// Throws what the JSON encoder says, or `MessagingError.messageTooLarge`.
    package init(_ message: some ClusterMessage) throws {
        try self.init(Document(message))
    }
}
