package import Messaging
package import Wire

/// What answers a `ClusterMessage`.
package protocol ClusterAnswer: Sendable, Equatable {
    /// As it goes over the wire, to who asked with a message of this kind. Throws what the JSON encoder says.
    func body(answering kind: MessageKind) throws -> Envelope.Body

    /// Throws a failure where the message is no such answer, or holds what it must not.
    init(_ message: Message, answering kind: MessageKind) throws(Failure)
}
