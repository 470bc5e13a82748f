import Digests
import Testing
import Wire
import WireFuzzing

@Suite struct EnvelopeTests {
    @Test(arguments: EnvelopeSamples.all) func everyBodyRoundTrips(envelope: Envelope) throws {
        #expect(try Envelope(decoding: envelope.encode()) == envelope)
    }

    /// Expected bytes are those of `protoc --encode=martlet.v1.Envelope`.
    @Test func bytesAreThoseOfProtobuf() throws {
        let envelope = Envelope(
            .tensorSegment(
                TensorSegment(group: 1, operation: 300, phase: 0, segment: 2, sender: 3, signature: 4, part: 5)),
            messageID: 7)
        let expected: [UInt8] =
            [0x08, 0x01, 0x11, 7, 0, 0, 0, 0, 0, 0, 0, 0xd2, 0x01, 0x14, 0x09, 1, 0, 0, 0, 0, 0, 0, 0]
            + [0x10, 0xac, 0x02, 0x20, 2, 0x28, 3, 0x30, 4, 0x38, 5]
        #expect(try envelope.encode() == expected)
    }

    @Test(arguments: EnvelopeSamples.all) func everyCutIsRefused(envelope: Envelope) throws {
        let bytes = try envelope.encode()
        for count in 0..<bytes.count {
            // A cut between two fields of the envelope leaves a message, but one without its last field: the body.
            #expect(throws: WireError.self) { try Envelope(decoding: Array(bytes[..<count])) }
        }
    }

    /// A length of time travels, which no clock has to agree on.
    @Test(arguments: [Duration.microseconds(1), .milliseconds(1500), .seconds(30), .microseconds(UInt64.max)])
    func timeoutsTravelAsLengthsOfTime(timeout: Duration) throws {
        let bytes = try Envelope(.probe, timeout: timeout).encode()
        #expect(try Envelope(decoding: bytes).timeout == timeout)
    }

    /// 0 would say that the sender names none, and nothing is longer than the field.
    @Test func timeoutsThatDoNotFitAreTheNearestThatDo() throws {
        for (timeout, travelled) in [
            (Duration.zero, Duration.microseconds(1)), (.seconds(-5), .microseconds(1)),
            (.nanoseconds(1), .microseconds(1)),
            (.seconds(Int64.max), .microseconds(UInt64.max)), (.nanoseconds(2999), .microseconds(2)),
        ] {
            #expect(try Envelope(decoding: Envelope(.probe, timeout: timeout).encode()).timeout == travelled)
        }
        #expect(try Envelope(decoding: Envelope(.probe).encode()).timeout == nil)
    }

    /// Field 4 was a time of day. Whoever still sends it names no length.
    @Test func timesOfDayArePassedOver() throws {
        let bytes = try Envelope(.acknowledgement).encode() + [0x20, 0x2a]  // field 4, varint 42
        #expect(try Envelope(decoding: bytes) == Envelope(.acknowledgement))
    }

    @Test func anotherVersionIsNamedTogetherWithOurs() throws {
        let join = EnvelopeSamples.all.first { if case .join = $0.body { true } else { false } }
        var envelope = try #require(join)
        envelope.protocolVersion = 2
        let bytes = try envelope.encode()
        #expect(
            throws: WireError.version(
                expected: 1, got: 2, messageID: envelope.messageID, correlationID: envelope.correlationID)
        ) { try Envelope(decoding: bytes) }
        let error = #expect(throws: WireError.self) { try Envelope(decoding: bytes) }
        #expect(error?.description.contains("version 1") == true)
        #expect(error?.description.contains("version 2") == true)
    }

    @Test func aBodyUnknownToThisVersionStillTellsTheOtherVersion() throws {
        let bytes: [UInt8] = [0x08, 9, 0x11, 5, 0, 0, 0, 0, 0, 0, 0, 0xf2, 0x01, 2, 0x0f, 0xff]
        #expect(throws: WireError.version(expected: 1, got: 9, messageID: 5, correlationID: 0)) {
            try Envelope(decoding: bytes)
        }
    }

    @Test func theFailureOfAnotherVersionIsReadable() throws {
        let envelope = Envelope(.failure(Failure(.protocolMismatch, "no")), correlationID: 4, protocolVersion: 2)
        #expect(try Envelope(decoding: envelope.encode()) == envelope)
    }

    @Test func unknownFieldsArePassedOver() throws {
        let envelope = Envelope(.acknowledgement, messageID: 3)
        let bytes = try envelope.encode() + [0xa0, 0x06, 0x2a]  // field 100, varint 42
        #expect(try Envelope(decoding: bytes) == envelope)
    }

    /// With every field as long as it may be.
    @Test func everyBodyFitsIntoAnEnvelopeAtItsLargest() throws {
        let name = String(repeating: "n", count: 256)
        let node = String(repeating: "n", count: 63)
        let tensors = (0..<WireLimits.tensors).map { place in
            TensorDescription(
                name: "\(place) " + name.dropFirst(3), datatype: .fp32,
                shape: [Int](repeating: 1, count: WireLimits.rank - 1) + [1 << 20])
        }
        let digest = EnvelopeSamples.digest
        let bodies: [Envelope.Body] = [
            .failure(Failure(.internal, String(repeating: "x", count: 2 * WireLimits.failureMessageBytes))),
            .join(
                Join(
                    name: node, role: .inference, incarnation: .max, endpoint: name,
                    version: String(repeating: "v", count: 64), host: String(repeating: "h", count: 255),
                    processID: .max, cores: .max, memoryBytes: .max)),
            .joined(Joined(clusterID: name, heartbeatInterval: .seconds(3600))),
            .heartbeat(Heartbeat(incarnation: .max, cpuPercent: .greatestFiniteMagnitude, residentBytes: .max)),
            .heartbeatReply(HeartbeatReply(known: true)),
            .chunkRequest(ChunkRequest(digest: digest, offset: 1 << 62, length: UInt32(WireLimits.chunkBytes))),
            .chunk(Chunk(digest: digest, offset: 1 << 62, total: .max)),
            .chunkUpload(ChunkUpload(upload: name, digest: digest, offset: 1 << 62, total: 1 << 62)),
            .tensorSegment(
                TensorSegment(
                    group: .max, operation: .max, phase: .max, segment: .max, sender: .max, signature: .max, part: .max,
                    description: String(repeating: "d", count: WireLimits.segmentDescription))),
            .inferRequest(InferRequest(model: name, version: name, inputs: tensors, outputs: tensors.map(\.name))),
            .inferResponse(
                InferResponse(
                    model: name, version: name, digest: digest.description, outputs: tensors, queuedRows: .max)),
            .cancellation(Cancellation(messageID: .max)),
            .probe,
        ]
        for body in bodies {
            let envelope = Envelope(body, messageID: .max, correlationID: .max, timeout: .seconds(3600))
            let back = try Envelope(decoding: envelope.encode())
            guard case .failure(let failure) = back.body else {
                #expect(back == envelope)
                continue
            }
            #expect(
                (WireLimits.failureMessageBytes - 4...WireLimits.failureMessageBytes).contains(
                    failure.message.utf8.count))
        }
    }

    /// A message may quote what somebody wrote.
    @Test func aZeroByteDoesNotEndAMessage() throws {
        let envelope = Envelope(.failure(Failure(.invalidArgument, "no number: 'x\0tail'")), correlationID: 4)
        let back = try Envelope(decoding: envelope.encode())
        #expect(back.body == .failure(Failure(.invalidArgument, "no number: 'x\\0tail'")))
    }

    @Test func twoBodiesAreRefused() throws {
        let one = try Envelope(.acknowledgement).encode()
        let two = try Envelope(.heartbeatReply(HeartbeatReply(known: true))).encode()
        #expect(throws: WireError.self) { try Envelope(decoding: one + two) }
    }

    @Test func onlyDocumentsAndHeartbeatsWithOneMayBeLarge() throws {
        let json = [UInt8](repeating: UInt8(ascii: " "), count: WireLimits.documentBytes)
        let document = Envelope(.document(Document(kind: "plan", json: json)))
        #expect(try Envelope(decoding: document.encode()) == document)
        #expect(throws: WireError.self) {
            try Envelope(.document(Document(kind: "plan", json: json + [0]))).encode()
        }
        // A node tells of every version that it holds.
        let heartbeat = Envelope(
            .heartbeat(
                Heartbeat(
                    incarnation: 1, cpuPercent: 0, residentBytes: 0, report: Document(kind: "report", json: json))))
        #expect(try Envelope(decoding: heartbeat.encode()) == heartbeat)
        let padding = try Envelope(.acknowledgement).encode() + largeUnknownField(bytes: WireLimits.envelopeBytes)
        #expect(throws: WireError.tooLarge(bytes: padding.count, limit: WireLimits.envelopeBytes)) {
            try Envelope(decoding: padding)
        }
    }

    /// 32,000 empty tensor descriptions are 64 kB on the wire and would be 2.5 MB in memory.
    @Test func memoryOfDecodingIsBounded() throws {
        let descriptions = [[UInt8]](repeating: [0x1a, 0], count: 32_000).flatMap(\.self)
        let length = [UInt8(descriptions.count & 0x7f | 0x80), UInt8(descriptions.count >> 7 & 0x7f | 0x80)]
        let bytes: [UInt8] =
            [0x08, 0x01, 0xda, 0x01] + length + [UInt8(descriptions.count >> 14)] + descriptions
        let error = #expect(throws: WireError.self) { try Envelope(decoding: bytes) }
        guard case .malformed = error else {
            Issue.record("expected the allocator's refusal, got \(String(describing: error))")
            return
        }
    }

    private func largeUnknownField(bytes count: Int) -> [UInt8] {
        let length = [UInt8(count & 0x7f | 0x80), UInt8(count >> 7 & 0x7f | 0x80), UInt8(count >> 14)]
        return [0xa2, 0x06] + length + [UInt8](repeating: 0, count: count)
    }
}
