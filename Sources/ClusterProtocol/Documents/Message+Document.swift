package import Messaging
package import Wire

extension Message {
    /// Bytes of the JSON of a document that travels at all: one that is larger than `WireLimits.documentBytes` lies in
    /// a frame behind the envelope. What grows without limit travels in pages, or as content.
    package static let documentBytes = 32 << 20

    /// A document, on its own or as the answer to a message.
    /// - Throws: `MessagingError.messageTooLarge`.
    package init(_ document: Document, correlationID: UInt64 = 0) throws(MessagingError) {
        guard document.json.count > WireLimits.documentBytes else {
            self.init(Envelope(.document(document), correlationID: correlationID))
            return
        }
        guard document.json.count <= Self.documentBytes else {
            throw .messageTooLarge(bytes: document.json.count, limit: Self.documentBytes)
        }
        self.init(
            Envelope(.document(Document(kind: document.kind, json: [])), correlationID: correlationID),
            frames: [Frame(copying: document.json)])
    }

    /// The document in the envelope, or behind it; nil for a message of another kind.
    package var document: Document? {
        guard case .document(let document) = envelope.body else { return nil }
        guard document.json.isEmpty, frames.count == 1, frames[0].count <= Self.documentBytes else { return document }
        return Document(kind: document.kind, json: frames[0].bytes)
    }
}
