import CWire

extension Envelope {
    /// That only requests grant credit, and only answers are parts.
    func validateStreaming() throws(WireError) {
        if let credit {
            guard expectsAnswer else {
                throw .invalid(field: "credit", expected: "no credit but in a request", got: "some")
            }
            try credit.validate("credit")
            guard credit.parts > 0, credit.bytes > 0 else {
                throw .invalid(field: "credit", expected: "at least one part and one byte", got: "none")
            }
        }
        if let position {
            guard position.sequence > 0, correlationID != 0 else {
                throw .invalid(
                    field: "sequence", expected: "no number but 1 or more in an answer", got: "\(position.sequence)")
            }
            if case .failure = body, !position.isLast {
                throw .invalid(field: "last", expected: "true with a failure, after which nothing comes", got: "false")
            }
        }
    }
}

extension StreamPosition {
    /// Nil for a message that is no part of a stream.
    init?(wire: Martlet__V1__Envelope) throws(WireError) {
        let isLast = wire.last != 0
        guard wire.sequence != 0 else {
            guard !isLast else {
                throw .invalid(field: "last", expected: "the number of the part with it", got: "none")
            }
            return nil
        }
        self.init(sequence: wire.sequence, isLast: isLast)
    }
}
