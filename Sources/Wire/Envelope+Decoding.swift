import CWire

extension Envelope {
    /// Decodes and validates one envelope frame; trusts nothing in it.
    ///
    /// Throws `WireError.version` for a message of another protocol version, except for a `failure`: those have the
    /// same form in all versions, so that the refusal of an unlike peer can be read.
    package init(decoding bytes: UnsafeRawBufferPointer) throws(WireError) {
        guard bytes.count <= WireLimits.documentEnvelopeBytes else {
            throw .tooLarge(bytes: bytes.count, limit: WireLimits.documentEnvelopeBytes)
        }
        let header = try EnvelopeHeader(scanning: bytes)
        guard let body = header.body else {
            throw .invalid(field: "body", expected: "one body", got: "none")
        }
        if header.protocolVersion != Wire.protocolVersion, body != MARTLET__V1__ENVELOPE__BODY_FAILURE.rawValue {
            throw .version(
                expected: Wire.protocolVersion, got: header.protocolVersion, messageID: header.messageID,
                correlationID: header.correlationID)
        }
        if !Self.documentBodies.contains(body), bytes.count > WireLimits.envelopeBytes {
            throw .tooLarge(bytes: bytes.count, limit: WireLimits.envelopeBytes)
        }
        self = try Arena.with(budget: WireLimits.decodingBytes(ofEnvelope: bytes.count)) {
            arena throws(WireError) -> Envelope in
            var allocator = Arena.allocator(arena)
            let unpacked = martlet__v1__envelope__unpack(
                &allocator, bytes.count, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
            guard let unpacked else {
                throw .malformed(bytes: bytes.count, reason: "not a message of martlet.proto")
            }
            return try Envelope(wire: unpacked.pointee)
        }
    }

    /// The fields of the bodies in which a document may lie.
    private static let documentBodies = [
        MARTLET__V1__ENVELOPE__BODY_DOCUMENT.rawValue, MARTLET__V1__ENVELOPE__BODY_HEARTBEAT.rawValue,
    ]

    package init(decoding bytes: [UInt8]) throws(WireError) {
        let decoded = bytes.withUnsafeBytes { bytes in
            Result { () throws(WireError) in try Envelope(decoding: bytes) }
        }
        self = try decoded.get()
    }

    private init(wire: Martlet__V1__Envelope) throws(WireError) {
        let traceparent = try String(wire: wire.traceparent, "traceparent")
        self.init(
            try Body(wire: wire), messageID: wire.message_id, correlationID: wire.correlation_id,
            timeout: wire.timeout_us == 0 ? nil : .microseconds(wire.timeout_us),
            traceparent: traceparent.isEmpty ? nil : traceparent,
            credit: wire.credit.map { StreamCredit(wire: $0.pointee) },
            position: try StreamPosition(wire: wire), protocolVersion: wire.protocol)
        try validate()
    }
}

extension Envelope.Body {
    fileprivate init(wire: Martlet__V1__Envelope) throws(WireError) {
        switch wire.body_case {
        case MARTLET__V1__ENVELOPE__BODY_ACKNOWLEDGEMENT: self = .acknowledgement
        case MARTLET__V1__ENVELOPE__BODY_FAILURE: self = .failure(try Failure(wire: wire.failure.pointee))
        case MARTLET__V1__ENVELOPE__BODY_JOIN: self = .join(try Join(wire: wire.join.pointee))
        case MARTLET__V1__ENVELOPE__BODY_JOINED: self = .joined(try Joined(wire: wire.joined.pointee))
        case MARTLET__V1__ENVELOPE__BODY_HEARTBEAT: self = .heartbeat(try Heartbeat(wire: wire.heartbeat.pointee))
        case MARTLET__V1__ENVELOPE__BODY_HEARTBEAT_REPLY:
            self = .heartbeatReply(HeartbeatReply(wire: wire.heartbeat_reply.pointee))
        case MARTLET__V1__ENVELOPE__BODY_DOCUMENT: self = .document(try Document(wire: wire.document.pointee))
        case MARTLET__V1__ENVELOPE__BODY_CHUNK_REQUEST:
            self = .chunkRequest(try ChunkRequest(wire: wire.chunk_request.pointee))
        case MARTLET__V1__ENVELOPE__BODY_CHUNK: self = .chunk(try Chunk(wire: wire.chunk.pointee))
        case MARTLET__V1__ENVELOPE__BODY_CHUNK_UPLOAD:
            self = .chunkUpload(try ChunkUpload(wire: wire.chunk_upload.pointee))
        case MARTLET__V1__ENVELOPE__BODY_TENSOR_SEGMENT:
            self = .tensorSegment(try TensorSegment(wire: wire.tensor_segment.pointee))
        case MARTLET__V1__ENVELOPE__BODY_INFER_REQUEST:
            self = .inferRequest(try InferRequest(wire: wire.infer_request.pointee))
        case MARTLET__V1__ENVELOPE__BODY_INFER_RESPONSE:
            self = .inferResponse(try InferResponse(wire: wire.infer_response.pointee))
        case MARTLET__V1__ENVELOPE__BODY_CANCELLATION:
            self = .cancellation(Cancellation(wire: wire.cancellation.pointee))
        case MARTLET__V1__ENVELOPE__BODY_PROBE: self = .probe
        case MARTLET__V1__ENVELOPE__BODY_CREDIT_GRANT:
            self = .creditGrant(try CreditGrant(wire: wire.credit_grant.pointee))
        default:
            throw .invalid(field: "body", expected: "a body of this version", got: "another field")
        }
    }
}

extension Envelope {
    /// What protobuf cannot say of the fields: bounds, forms, and that figures agree.
    func validate() throws(WireError) {
        if let traceparent { try Validation.traceparent(traceparent) }
        try validateStreaming()
        switch body {
        case .acknowledgement, .failure, .heartbeatReply, .probe: break
        case .join(let body): try body.validate()
        case .joined(let body): try body.validate()
        case .heartbeat(let body): try body.validate()
        case .document(let body): try body.validate("document")
        case .chunkRequest(let body): try body.validate()
        case .chunk(let body): try body.validate()
        case .chunkUpload(let body): try body.validate()
        case .tensorSegment(let body): try body.validate()
        case .inferRequest(let body): try body.validate()
        case .inferResponse(let body): try body.validate()
        case .cancellation(let body): try body.validate()
        case .creditGrant(let body): try body.validate()
        }
    }
}
