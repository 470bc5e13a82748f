package import Messaging
package import Wire

/// The answer that says nothing but that the message was taken.
package struct Acknowledged: ClusterAnswer {
    package init() {}

    package func body(answering kind: MessageKind) -> Envelope.Body { .acknowledgement }

    package init(_ message: Message, answering kind: MessageKind) throws(Failure) {
        guard case .acknowledgement = message.envelope.body else {
            throw Failure(.internal, "'\(kind.rawValue)' was answered with something else than an acknowledgement")
        }
    }
}
