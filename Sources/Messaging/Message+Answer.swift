package import Wire

extension Message {
    /// The answer to `request`, which goes to whoever waits for it and to no handler.
    package init(answering request: Message, _ body: Envelope.Body, frames: [Frame] = []) {
        self.init(Envelope(body, correlationID: request.envelope.messageID), frames: frames)
    }
}
