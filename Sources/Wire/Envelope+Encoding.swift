import CWire

extension Envelope {
    /// The bytes of the envelope frame. Throws what a receiver would refuse, so that the mistake shows at its source.
    package func encode() throws(WireError) -> [UInt8] {
        try encode { count, fill in
            [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                fill(UnsafeMutableRawBufferPointer(buffer))
                initialized = count
            }
        }
    }

    /// Encodes into storage of the caller's making: `store` is called once, with the number of bytes and a function
    /// that fills exactly so many. This is how a message gets into its final memory without a copy.
    package func encode<Storage>(
        into store: (_ count: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) -> Storage
    ) throws(WireError) -> Storage {
        try validate()
        return try Arena.with(budget: .max) { arena throws(WireError) -> Storage in
            var wire = wire(in: &arena.pointee)
            let count = martlet__v1__envelope__get_packed_size(&wire)
            let limit = body.mayHoldDocument ? WireLimits.documentEnvelopeBytes : WireLimits.envelopeBytes
            guard count <= limit else { throw .tooLarge(bytes: count, limit: limit) }
            return store(count) { buffer in
                precondition(buffer.count == count, "an envelope of \(count) bytes needs exactly so many")
                martlet__v1__envelope__pack(&wire, buffer.baseAddress!.assumingMemoryBound(to: UInt8.self))
            }
        }
    }

    private func wire(in arena: inout Arena) -> Martlet__V1__Envelope {
        var wire = Martlet__V1__Envelope()
        martlet__v1__envelope__init(&wire)
        wire.protocol = protocolVersion
        wire.message_id = messageID
        wire.correlation_id = correlationID
        wire.timeout_us = timeout?.microseconds ?? 0
        if let traceparent { wire.traceparent = arena.copy(traceparent) }
        if let credit { wire.credit = credit.wire(in: &arena) }
        if let position {
            wire.sequence = position.sequence
            wire.last = position.isLast ? 1 : 0
        }
        switch body {
        case .acknowledgement:
            wire.body_case = MARTLET__V1__ENVELOPE__BODY_ACKNOWLEDGEMENT
            wire.acknowledgement = arena.allocate(Martlet__V1__Acknowledgement.self)
            martlet__v1__acknowledgement__init(wire.acknowledgement)
        case .failure(let body):
            wire.body_case = MARTLET__V1__ENVELOPE__BODY_FAILURE
            wire.failure = body.wire(in: &arena)
        case .join(let body):
            wire.body_case = MARTLET__V1__ENVELOPE__BODY_JOIN
            wire.join = body.wire(in: &arena)
        case .joined(let body):
            wire.body_case = MARTLET__V1__ENVELOPE__BODY_JOINED
            wire.joined = body.wire(in: &arena)
        case .heartbeat(let body):
            wire.body_case = MARTLET__V1__ENVELOPE__BODY_HEARTBEAT
            wire.heartbeat = body.wire(in: &arena)
        case .heartbeatReply(let body):
            wire.body_case = MARTLET__V1__ENVELOPE__BODY_HEARTBEAT_REPLY
            wire.heartbeat_reply = body.wire(in: &arena)
        case .document(let body):
            wire.body_case = MARTLET__V1__ENVELOPE__BODY_DOCUMENT
            wire.document = body.wire(in: &arena)
        case .chunkRequest(let body):
            wire.body_case = MARTLET__V1__ENVELOPE__BODY_CHUNK_REQUEST
            wire.chunk_request = body.wire(in: &arena)
        case .chunk(let body):
            wire.body_case = MARTLET__V1__ENVELOPE__BODY_CHUNK
            wire.chunk = body.wire(in: &arena)
        case .chunkUpload(let body):
            wire.body_case = MARTLET__V1__ENVELOPE__BODY_CHUNK_UPLOAD
            wire.chunk_upload = body.wire(in: &arena)
        case .tensorSegment(let body):
            wire.body_case = MARTLET__V1__ENVELOPE__BODY_TENSOR_SEGMENT
            wire.tensor_segment = body.wire(in: &arena)
        case .inferRequest(let body):
            wire.body_case = MARTLET__V1__ENVELOPE__BODY_INFER_REQUEST
            wire.infer_request = body.wire(in: &arena)
        case .inferResponse(let body):
            wire.body_case = MARTLET__V1__ENVELOPE__BODY_INFER_RESPONSE
            wire.infer_response = body.wire(in: &arena)
        case .cancellation(let body):
            wire.body_case = MARTLET__V1__ENVELOPE__BODY_CANCELLATION
            wire.cancellation = body.wire(in: &arena)
        case .probe:
            wire.body_case = MARTLET__V1__ENVELOPE__BODY_PROBE
            wire.probe = arena.allocate(Martlet__V1__Probe.self)
            martlet__v1__probe__init(wire.probe)
        case .creditGrant(let body):
            wire.body_case = MARTLET__V1__ENVELOPE__BODY_CREDIT_GRANT
            wire.credit_grant = body.wire(in: &arena)
        }
        return wire
    }
}

extension Duration {
    /// Whole microseconds from 1 to the maximum: 0 would say nothing.
    fileprivate var microseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 1 }
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000)
        let (sum, carry) = whole.addingReportingOverflow(UInt64(attoseconds) / 1_000_000_000_000)
        return overflow || carry ? .max : max(sum, 1)
    }
}

extension Envelope.Body {
    fileprivate var mayHoldDocument: Bool {
        switch self {
        case .document, .heartbeat: true
        default: false
        }
    }
}
