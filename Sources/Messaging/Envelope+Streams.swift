import Wire

extension Envelope {
    /// Of an answer: that nobody waits for it is nothing to speak of. Parts of a stream cross its cancellation, and so do
    /// the probes of whoever sends them.
    var mayComeLate: Bool { position != nil || body == .probe }

    /// Of what answers a request for a stream: nothing comes after it.
    var endsStream: Bool {
        switch (body, position) {
        case (.failure, _): true
        case (.probe, nil): false
        case (_, let position): position?.isLast ?? true
        }
    }
}
