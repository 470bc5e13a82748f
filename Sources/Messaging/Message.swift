package import Wire

/// A whole message: the envelope frame and the payload frames behind it.
package struct Message: Sendable {
    package var envelope: Envelope
    package var frames: [Frame]

    package init(_ envelope: Envelope, frames: [Frame] = []) {
        self.envelope = envelope
        self.frames = frames
    }

    package init(_ body: Envelope.Body, frames: [Frame] = []) {
        self.init(Envelope(body), frames: frames)
    }
}
