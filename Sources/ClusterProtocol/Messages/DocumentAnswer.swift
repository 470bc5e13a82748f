package import Messaging
package import Wire

/// An answer of the coordinator that is a document, of the kind of the question. Checked where it arrives.
package protocol DocumentAnswer: ClusterAnswer, CheckedDocument {}

extension DocumentAnswer {
    package func body(answering kind: MessageKind) throws -> Envelope.Body {
        .document(try Document(kind, self))
    }

    package init(_ message: Message, answering kind: MessageKind) throws(Failure) {
        guard let document = message.document, document.kind == kind.rawValue else {
            throw Failure(.internal, "the coordinator answered '\(kind.rawValue)' with something else")
        }
        self = try document.decode()
    }
}
