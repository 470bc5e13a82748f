import Wire

extension Message {
    /// The envelope's frame, if this message may be sent at all.
    func encodedEnvelope(_ limits: MessagingLimits) throws(MessagingError) -> Frame {
        guard frames.count <= limits.frames else {
            throw .invalidMessage(reason: "expected at most \(limits.frames) payload frames, got \(frames.count)")
        }
        if let large = frames.first(where: { $0.count > limits.frameBytes }) {
            throw .messageTooLarge(bytes: large.count, limit: limits.frameBytes)
        }
        do throws(WireError) {
            return try envelope.encode { count, fill in Frame(count: count, initializing: fill) }
        } catch {
            if case .tooLarge(let bytes, let limit) = error { throw .messageTooLarge(bytes: bytes, limit: limit) }
            throw .invalidMessage(reason: error.description)
        }
    }
}

extension UInt64 {
    func saturatingAdd(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
